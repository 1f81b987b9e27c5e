using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;

namespace Relay.Tests.Signal;

/// <summary>What somebody on the way could make of a message: its fields, some of them changed, around the MAC it had.</summary>
internal static class Forgery
{
    public static SignalCiphertext Of(SignalCiphertext genuine, byte? version = null, ReadOnlyMemory<byte>? pqRatchet = null, ReadOnlyMemory<byte>? addresses = null)
    {
        if (genuine.Kind == SignalMessageKind.Message)
        {
            return new SignalCiphertext(genuine.Kind, Inner(Parse(genuine.Bytes), version, pqRatchet, addresses));
        }

        PreKeySignalMessage first = First(genuine);
        KyberCapsule? kyber = first.KyberPreKeyIdOnWire is { } id ? new KyberCapsule(id, first.KyberCiphertext.Span) : null;
        return new SignalCiphertext(genuine.Kind, PreKeySignalMessage.Write(
            Inner(first.Inner, version, pqRatchet, addresses),
            new PendingPreKey(first.PreKeyId, first.SignedPreKeyId, kyber),
            first.BaseKey,
            first.IdentityKey,
            first.RegistrationId));
    }

    public static PreKeySignalMessage First(SignalCiphertext message) =>
        PreKeySignalMessage.TryParse(message.Bytes, out PreKeySignalMessage? first) ? first : throw new InvalidDataException("No first message.");

    public static SignalMessage Inner(SignalCiphertext message) =>
        message.Kind == SignalMessageKind.PreKey ? First(message).Inner : Parse(message.Bytes);

    private static byte[] Inner(SignalMessage genuine, byte? version, ReadOnlyMemory<byte>? pqRatchet, ReadOnlyMemory<byte>? addresses)
    {
        var header = new SignalMessage.Header
        {
            Version = version ?? genuine.Version,
            RatchetKey = genuine.RatchetKey,
            Counter = genuine.Counter,
            PreviousCounter = genuine.PreviousCounter ?? 0,
            PqRatchet = (pqRatchet ?? genuine.PqRatchet ?? default).Span,
            Addresses = (addresses ?? genuine.Addresses ?? default).Span,
        };
        byte[] forged = SignalMessage.Frame(header, genuine.Ciphertext.Length, out Span<byte> ciphertext, out Span<byte> mac);
        genuine.Ciphertext.Span.CopyTo(ciphertext);
        genuine.Mac.CopyTo(mac);
        return forged;
    }

    private static SignalMessage Parse(byte[] bytes) =>
        SignalMessage.Parse(bytes, out SignalMessage? message) == SessionOutcome.Success && message is not null
            ? message
            : throw new InvalidDataException("No message.");
}
