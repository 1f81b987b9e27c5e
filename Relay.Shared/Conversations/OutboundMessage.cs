using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Conversations;

/// <summary>An outbound row as it is first written or read back.</summary>
public sealed class OutboundMessage
{
    public required EnvelopeId Id { get; init; }

    public required OutboundState State { get; init; }

    /// <summary>Null for a row that isn't in storage yet.</summary>
    public string? ETag { get; init; }

    /// <summary>Whether the business is told statuses: true for its messages, false for receipts that it sends.</summary>
    public required bool TellsStatus { get; init; }

    /// <summary>Under which id its current ciphertext is with the transport: the message's own until it is encrypted again.</summary>
    public EnvelopeId Envelope => Retries == 0 ? Id : Id.OfRetry(Retries);

    /// <summary>How often it was encrypted again because its device could not decrypt it.</summary>
    public int Retries { get; init; }

    /// <summary>What of a retry is still to be done.</summary>
    public RetryStep Retry { get; init; }

    /// <summary>The last state whose telling was looked after; what is before it in <see cref="State"/> is to be told before anything later.</summary>
    public OutboundState Told { get; init; }

    /// <summary>The recipient.</summary>
    public required PhoneNumber To { get; init; }

    /// <summary>When it was accepted; only where its end is the first that is stored of it.</summary>
    public DateTimeOffset? Accepted { get; init; }

    /// <summary>What the business wants echoed in statuses.</summary>
    public string? CallbackData { get; init; }

    /// <summary>What it counts as.</summary>
    public MessageCategory Category { get; init; }

    /// <summary>Whether its user had written within the 24 hours before it was accepted.</summary>
    public bool IsInWindow { get; init; }

    /// <summary>Whether nothing after <c>sent</c> is told.</summary>
    public bool IsSentOnly { get; init; }

    /// <summary>The transport's <c>type</c>: message or prekey; null once the ciphertext is erased.</summary>
    public string? EnvelopeType { get; init; }

    /// <summary>The exact Signal message; null once erased.</summary>
    public byte[]? Ciphertext { get; init; }

    /// <summary>The content and the recipient's identity key, kept for retry receipts only; null once erased, and for receipts.</summary>
    public byte[]? Content { get; init; }

    /// <summary>33 bytes; see <see cref="Content"/>.</summary>
    public byte[]? RecipientIdentity { get; init; }

    /// <summary>The same message as it lies in storage now.</summary>
    internal OutboundMessage SavedAs(string? etag) => new()
    {
        Id = Id,
        State = State,
        ETag = etag,
        TellsStatus = TellsStatus,
        To = To,
        CallbackData = CallbackData,
        Category = Category,
        IsSentOnly = IsSentOnly,
        IsInWindow = IsInWindow,
        EnvelopeType = EnvelopeType,
        Ciphertext = Ciphertext,
        Content = Content,
        RecipientIdentity = RecipientIdentity,
        Retries = Retries,
        Retry = Retry,
        Told = Told,
    };
}

/// <summary>How far a retry that the device asked for is.</summary>
public enum RetryStep
{
    None = 0,

    /// <summary>The device asked: the content is to be encrypted again.</summary>
    Asked = 1,

    /// <summary>It is encrypted again, and the ciphertext may leave.</summary>
    Encrypted = 2,
}
