using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Phone.Events;
using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;

namespace Relay.Phone.Sending;

/// <summary>Sends a message of any type. Once it returns, the message is with the transport, refused by it, or safe in the outbox.</summary>
internal sealed class SendMessage(PhoneStore store, OpenConversation openConversation, EmptyOutbox emptyOutbox, TimeProvider time)
{
    internal async Task<PhoneEvent> ExecuteAsync(PhoneNumber to, JsonObject message, SendOptions options, CancellationToken cancellationToken)
    {
        await openConversation.ExecuteAsync(to, cancellationToken);
        JsonElement content = JsonSerializer.SerializeToElement(message, PhoneJson.Default.JsonObject);
        OutboxEntry entry = await store.ChangeAsync(data => Queue(data, to, content, options), cancellationToken);
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

    /// <summary>Who wrote a message, as a context or a reaction says it. The phone is the user; what it received, the business wrote.</summary>
    internal Task<string> AuthorOfAsync(PhoneNumber with, EnvelopeId id, CancellationToken cancellationToken) =>
        store.ReadAsync(data => AuthorOf(data.Conversations.GetValueOrDefault(with.Digits), id.Hex), cancellationToken);

    private OutboxEntry Queue(PhoneData data, PhoneNumber to, JsonElement message, SendOptions options)
    {
        data.LastCorrespondent = to.Digits;
        Conversation conversation = data.ConversationWith(to);
        OutboxEntry entry = QueueContent.Execute(data, to, new DeviceContent
        {
            Id = EnvelopeId.Create().Hex,
            Timestamp = time.GetUtcNow().ToUnixTimeSeconds(),
            Message = message,
            Context = options.ReplyTo is { } id ? new ContentContext(id.Hex, AuthorOf(conversation, id.Hex)) : null,
            Forwarded = options.Forwarded,
        });
        conversation.Kept.Add(KeptMessage.Of(entry.Id, isOurs: true, message));
        return entry;
    }

    private static string AuthorOf(Conversation? conversation, string id) => conversation?.Recent.Contains(id) == true ? ContentContext.Business : ContentContext.User;

    private static InboxEntry? FindRefusal(PhoneData data, OutboxEntry entry) =>
        data.Inbox.Find(waiting => waiting.Event is MessageRefused refused && refused.Id == entry.Id);

    private static PhoneEvent Show(PhoneData data, InboxEntry refused)
    {
        data.Inbox.RemoveAll(waiting => waiting.Number == refused.Number);
        return refused.Event;
    }
}
