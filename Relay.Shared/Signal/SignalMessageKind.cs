namespace Relay.Shared.Signal;

/// <summary>Which of the two wire forms a message has. Not on the wire itself: the envelope around it says so.</summary>
public enum SignalMessageKind
{
    Message = 1,
    PreKey = 2,
}
