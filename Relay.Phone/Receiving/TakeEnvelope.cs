using System.Text.Json;
using Relay.Phone.Events;
using Relay.Phone.Messages;
using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
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

    private static IEnumerable<PhoneEvent> Read(PhoneData data, Conversation conversation, PhoneNumber from, Envelope envelope)
    {
        OpenedEnvelope opened = OpenEnvelope.Execute(data, conversation, envelope);
        IEnumerable<PhoneEvent> before = opened.HasNewIdentity ? [new IdentityChanged { From = from }] : [];
        return before.Concat(opened.Content switch
        {
            null => [Undecryptable(conversation, from, envelope, opened.Outcome)],
            { Receipt: { } receipt } => ReadReceipt(data, conversation, from, receipt),
            { Message: { } message } content when conversation.NoteContent(content.Id, envelope.Id) =>
                [ReadMessage(data, conversation, from, envelope, content, message)],
            _ => [],
        });
    }

    private static MessageUndecryptable Undecryptable(Conversation conversation, PhoneNumber from, Envelope envelope, SessionOutcome outcome)
    {
        if (outcome != SessionOutcome.Duplicate)
        {
            conversation.NoteUnreadable(envelope.Id);
        }

        bool isAsked = AskAgain.CanHelp(outcome) && EnvelopeId.TryParse(envelope.Id, out _) && conversation.Retries.Add(envelope.Id);
        return new MessageUndecryptable { Id = envelope.Id, From = from, Reason = outcome.ToString(), RetryAsked = isAsked };
    }

    private static IEnumerable<PhoneEvent> ReadReceipt(
        PhoneData data, Conversation conversation, PhoneNumber from, ContentReceipt receipt)
    {
        if (receipt.Status == ContentReceipt.Retry)
        {
            return AnswerRetry.Execute(data, from, receipt.Ids);
        }

        conversation.Sent.Forget(receipt.Ids);
        return [new ReceiptReceived { From = from, Status = receipt.Status, Ids = receipt.Ids }];
    }

    private static MessageReceived ReadMessage(
        PhoneData data, Conversation conversation, PhoneNumber from, Envelope envelope, DeviceContent content, JsonElement message)
    {
        data.LastCorrespondent = from.Digits;
        conversation.NoteUnread(content.Id);
        string? about = content.Context?.Id ?? Members.Text(message, "reaction", "id");
        string? quote = about is not null && conversation.Kept.Find(about) is { } kept ? MessageText.Preview(kept.Message) : null;
        conversation.Kept.Add(KeptMessage.Of(content.Id, isOurs: false, message, envelope.ReportToken));
        return new MessageReceived
        {
            Id = content.Id,
            From = from,
            Timestamp = content.Timestamp,
            Text = Members.Text(message, "text", "body"),
            Message = message,
            Context = content.Context,
            Quote = quote,
            Forwarded = content.Forwarded,
            Envelope = envelope.Content,
        };
    }
}
