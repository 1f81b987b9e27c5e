using Relay.Phone.Events;

namespace Relay.Phone.State;

/// <summary>An event that nobody has confirmed to have seen; its number tells it from all others of this phone.</summary>
internal sealed class InboxEntry
{
    public required long Number { get; init; }

    public required PhoneEvent Event { get; init; }
}
