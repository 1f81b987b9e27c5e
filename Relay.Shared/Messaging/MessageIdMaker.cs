using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>Makes message ids of one phone number with a key that is at hand: nothing can fail any more. Dispose wipes the key.</summary>
public sealed class MessageIdMaker : IDisposable
{
    private readonly SecretBytes _subkeys;
    private readonly PhoneNumberId _number;

    internal MessageIdMaker(SecretBytes subkeys, PhoneNumberId number) => (_subkeys, _number) = (subkeys, number);

    internal string Create(MessageLocator locator) => MessageIds.Create(_subkeys.Reveal(), _number, locator);

    public void Dispose() => _subkeys.Dispose();
}
