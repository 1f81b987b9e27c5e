using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Wire;

namespace Relay.Phone.Keys;

/// <summary>The pre-keys that a first message names, out of the stock for one decryption and wiped after it.</summary>
internal sealed class LentPreKeys : IDisposable
{
    private readonly SignedPreKeyPair? _signed;
    private readonly PreKeyPair? _oneTime;
    private readonly KyberPreKeyPair? _kyber;

    internal LentPreKeys(KeyStock stock, PreKeySignalMessage message)
    {
        _signed = stock.Signed.Find(key => key.Id == message.SignedPreKeyId)?.Open();
        _oneTime = stock.OneTime.Find(key => key.Id == message.PreKeyId)?.Open();
        _kyber = message.KyberPreKeyId is { } kyber ? stock.Kyber.Find(kyber)?.Open() : null;
        Keys = _signed is null ? null : new ResponderPreKeys(_signed, _oneTime, _kyber);
    }

    /// <summary>Null when the signed pre-key is unknown.</summary>
    internal ResponderPreKeys? Keys { get; }

    public void Dispose()
    {
        _signed?.Dispose();
        _oneTime?.Dispose();
        _kyber?.Dispose();
    }
}
