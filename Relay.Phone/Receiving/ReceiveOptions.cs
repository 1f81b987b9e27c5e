namespace Relay.Phone.Receiving;

/// <summary>How to receive: how long to wait for something to come, and which receipts to send for it.</summary>
public sealed record ReceiveOptions
{
    /// <summary>Nothing: take what is there.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Whether senders learn that their messages arrived.</summary>
    public bool SendDelivered { get; init; } = true;

    /// <summary>Whether senders learn at once that their messages were read.</summary>
    public bool SendRead { get; init; }
}
