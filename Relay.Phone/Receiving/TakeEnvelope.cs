using System.Text.Json;
using Relay.Phone.Events;
using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Receiving;

/// <summary>Turns one envelope into events, inside a change of the state. A repeat yields none, whatever it is a repeat of.</summary>
internal static class TakeEnvelope
{
    internal static IEnumerable<PhoneEvent> Execute(PhoneData data, Envelope envelope)
    {
        // The transport proves the sender's number; without one there is nobody to tell about it.
        if (!PhoneNumber.TryParse(envelope.From, out PhoneNumber? from))
        {
            return [];
        }

        Conversation conversation = data.ConversationWith(from);
        return conversation.Note(envelope.Id) ? Read(data, conversation, from, envelope) : [];
    }

    private static List<PhoneEvent> Read(PhoneData data, Conversation conversation, PhoneNumber from, Envelope envelope)
    {
        OpenedEnvelope opened = OpenEnvelope.Execute(data, conversation, envelope);
        if (opened.Content is not { } content)
        {
            return [new MessageUndecryptable { Id = envelope.Id, From = from, Reason = opened.Outcome.ToString() }];
        }

        List<PhoneEvent> events = opened.HasNewIdentity ? [new IdentityChanged { From = from }] : [];
        if (content.Receipt is { } receipt)
        {
            events.Add(new ReceiptReceived { From = from, Status = receipt.Status, Ids = receipt.Ids });
        }
        else if (content.Message is { } message && IsNew(conversation, envelope, content))
        {
            data.LastCorrespondent = from.Digits;
            conversation.NoteUnread(content.Id);
            events.Add(new MessageReceived
            {
                Id = content.Id,
                From = from,
                Timestamp = content.Timestamp,
                Text = TextOf(message),
                Message = message,
                Context = content.Context,
                Envelope = envelope.Content,
            });
        }

        return events;
    }

    // A message that was encrypted again travels under a new envelope id and keeps its own.
    private static bool IsNew(Conversation conversation, Envelope envelope, DeviceContent content) =>
        content.Id == envelope.Id || conversation.Note(content.Id);

    private static string? TextOf(JsonElement message) =>
        message.TryGetProperty("text", out JsonElement text)
        && text.ValueKind == JsonValueKind.Object
        && text.TryGetProperty("body", out JsonElement body)
        && body.ValueKind == JsonValueKind.String
            ? body.GetString()
            : null;
}
