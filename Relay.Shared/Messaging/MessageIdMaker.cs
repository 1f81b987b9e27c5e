using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Messaging;

/// <summary>Makes message ids of one phone number with a key that is at hand: nothing can fail any more, until it is disposed.</summary>
public sealed class MessageIdMaker : IDisposable
{
    private readonly KeyLease _subkeys;
    private readonly PhoneNumberId _number;

    internal MessageIdMaker(KeyLease subkeys, PhoneNumberId number) => (_subkeys, _number) = (subkeys, number);

    internal string Create(MessageLocator locator) => MessageIds.Create(_subkeys.Reveal(), _number, locator);

    public void Dispose() => _subkeys.Dispose();
}
