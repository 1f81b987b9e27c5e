using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>Writes what a business is told about one of its messages into a commit.</summary>
public sealed class StatusWebhooks(AccountDirectory accounts, MessageIds ids, UserIds userIds, TimeProvider time)
{
    /// <summary>Adds the row of a status; says which row it is.</summary>
    /// <param name="commit">The transaction that makes the status true.</param>
    /// <param name="number">The business number.</param>
    /// <param name="message">The message.</param>
    /// <param name="status">The status.</param>
    /// <param name="error">Why it failed; for <see cref="MessageStatus.Failed"/> only.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<StatusRow> AddAsync(
        ConversationCommit commit, BusinessNumber number, OutboundMessage message, MessageStatus status, GraphError? error, CancellationToken cancellationToken)
    {
        string wamid = await ids.CreateAsync(
            number.Business,
            number.Id,
            new MessageLocator(MessageDirection.FromBusiness, commit.Key.Conversation, message.Id),
            cancellationToken);
        MessageStatusChange change = new()
        {
            MessageId = wamid,
            Status = status,
            Timestamp = time.GetUtcNow().ToUnixTimeSeconds(),
            Recipient = message.To,
            RecipientUserId = await userIds.CreateAsync(number.Business, number.Id, commit.Key.Conversation, cancellationToken),
            CallbackData = message.CallbackData is { } data ? new Sensitive<string>(data) : null,
            Category = IsPriced(message, status) ? message.Category : null,
            Errors = error is null ? [] : [error],
        };
        byte[] payload = WebhookPayload.ForStatus(await SourceAsync(number, cancellationToken), change);
        string row = RowKey(message.Id, status);
        await commit.InsertWebhookAsync(row, payload, new WebhookNotes(ErrorCode: error?.Code.Code, Accepted: message.Accepted), cancellationToken);
        return new StatusRow(row, payload);
    }

    internal static string RowKey(EnvelopeId id, MessageStatus status) => WebhookRow.StatusKey(id, status switch
    {
        MessageStatus.Sent => "sent",
        MessageStatus.Delivered => "delivered",
        MessageStatus.Read => "read",
        MessageStatus.Played => "played",
        MessageStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    });

    /// <summary>The price comes with <c>sent</c>, and with whichever of <c>delivered</c> and <c>read</c> is first.</summary>
    private static bool IsPriced(OutboundMessage message, MessageStatus status) =>
        status == MessageStatus.Sent || (status is MessageStatus.Delivered or MessageStatus.Read && message.State < OutboundState.Delivered);

    internal async ValueTask<WebhookSource> SourceAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        Business business = await accounts.FindBusinessAsync(number.Business, cancellationToken)
            ?? throw new InvalidDataException("A number's business is missing.");
        return new WebhookSource(business.Waba, number.Id, number.Number);
    }
}

/// <summary>A status to be told: its row, and its webhook body when that has just been made. Without it, it became durable earlier and may have been told.</summary>
public sealed class StatusRow(string rowKey, byte[]? payload)
{
    public string RowKey { get; } = rowKey;

    public byte[]? Payload { get; } = payload;
}
