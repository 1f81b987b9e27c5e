using System.Security.Cryptography;

namespace Relay.Shared.Signal;

/// <summary>The random draws of an initiator, in the order they are made: base key, Kyber message, ratchet key. Wiped on dispose.</summary>
internal sealed class InitiatorDraws : IDisposable
{
    private readonly byte[] _kyberMessage;

    /// <summary>Takes ownership of both pairs.</summary>
    internal InitiatorDraws(KeyPair baseKey, ReadOnlySpan<byte> kyberMessage, KeyPair ratchetKey)
    {
        BaseKey = baseKey;
        _kyberMessage = kyberMessage.ToArray();
        RatchetKey = ratchetKey;
    }

    internal KeyPair BaseKey { get; }

    /// <summary>The m of ML-KEM encapsulation, 32 bytes; unused in version 3.</summary>
    internal ReadOnlySpan<byte> KyberMessage => _kyberMessage;

    internal KeyPair RatchetKey { get; }

    public void Dispose()
    {
        BaseKey.Dispose();
        RatchetKey.Dispose();
        CryptographicOperations.ZeroMemory(_kyberMessage);
    }

    public override string ToString() => "[redacted]";

    internal static InitiatorDraws Draw()
    {
        Span<byte> message = stackalloc byte[SignalKdf.KeyBytes];
        RandomNumberGenerator.Fill(message);
        var draws = new InitiatorDraws(KeyPair.Generate(), message, KeyPair.Generate());
        CryptographicOperations.ZeroMemory(message);
        return draws;
    }
}
