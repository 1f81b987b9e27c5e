using System.Text.Json;
using Relay.Phone.Events;
using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;

namespace Relay.Phone.Sending;

/// <summary>Sends a text. Once it returns, the message is with the transport, refused by it, or safe in the outbox.</summary>
internal sealed class SendText(PhoneStore store, OpenConversation openConversation, EmptyOutbox emptyOutbox, TimeProvider time)
{
    internal async Task<PhoneEvent> ExecuteAsync(PhoneNumber to, string text, EnvelopeId? replyTo, CancellationToken cancellationToken)
    {
        await openConversation.ExecuteAsync(to, cancellationToken);
        OutboxEntry entry = await store.ChangeAsync(data => Queue(data, to, text, replyTo), cancellationToken);
        await emptyOutbox.ExecuteAsync(cancellationToken);
        return await store.ReadAsync(data => FindRefusal(data, entry), cancellationToken) is { } refused
            ? await store.ChangeAsync(data => Show(data, refused), cancellationToken)
            : new MessageSent
            {
                Id = entry.Id,
                Queued = await store.ReadAsync(data => data.Outbox.Exists(waiting => waiting.Id == entry.Id), cancellationToken),
                Envelope = entry.Content,
            };
    }

    private OutboxEntry Queue(PhoneData data, PhoneNumber to, string text, EnvelopeId? replyTo)
    {
        data.LastCorrespondent = to.Digits;
        return QueueContent.Execute(data, to, new DeviceContent
        {
            Id = EnvelopeId.Create().Hex,
            Timestamp = time.GetUtcNow().ToUnixTimeSeconds(),
            Message = JsonSerializer.SerializeToElement(new TextMessage("text", new TextBody(text)), MessageJson.Default.TextMessage),
            Context = replyTo is { } id ? ContextFor(data.ConversationWith(to), id.Hex) : null,
        });
    }

    // The phone is the user; what it received, the business wrote.
    private static ContentContext ContextFor(Conversation conversation, string id) =>
        new(id, conversation.Recent.Contains(id) ? ContentContext.Business : ContentContext.User);

    private static InboxEntry? FindRefusal(PhoneData data, OutboxEntry entry) =>
        data.Inbox.Find(waiting => waiting.Event is MessageRefused refused && refused.Id == entry.Id);

    private static PhoneEvent Show(PhoneData data, InboxEntry refused)
    {
        data.Inbox.RemoveAll(waiting => waiting.Number == refused.Number);
        return refused.Event;
    }
}
