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

    /// <summary>The recipient.</summary>
    public required PhoneNumber To { get; init; }

    /// <summary>What the business wants echoed in statuses.</summary>
    public string? CallbackData { get; init; }

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
        EnvelopeType = EnvelopeType,
        Ciphertext = Ciphertext,
        Content = Content,
        RecipientIdentity = RecipientIdentity,
    };
}
