using Relay.Phone.Events;
using Relay.Phone.Messages;

namespace Relay.Phone.Commands;

/// <summary>Events for people. What others wrote can't move the cursor or change colours: control characters are replaced.</summary>
internal static class EventText
{
    internal static string Of(PhoneEvent happened, bool withEnvelope) => happened switch
    {
        MessageReceived message => $"{message.From.E164}  {Body(message)}  [{message.Id}]{Envelope(message.Envelope, withEnvelope)}",
        ReceiptReceived receipt => $"{receipt.From.E164}  {receipt.Status}: {string.Join(", ", receipt.Ids)}",
        MessageUndecryptable lost => $"warning: a message from {lost.From.E164} couldn't be read ({lost.Reason}){(lost.RetryAsked ? "; it is asked for again" : "")}  [{lost.Id}]",
        IdentityChanged changed => $"warning: {changed.From.E164} has a new identity key; compare safety numbers",
        MessageRefused { Reason: MessageRefused.IdentityChanged } refused =>
            $"warning: {refused.To.E164} couldn't read a message and has a new identity key: send it again if you trust that  [{refused.Id}]",
        MessageRefused refused => $"warning: the message to {refused.To.E164} was refused ({refused.Reason})  [{refused.Id}]",
        MessageSent sent => $"{(sent.Queued ? "queued" : "sent")}  [{sent.Id}]{Envelope(sent.Envelope, withEnvelope)}",
        _ => throw new ArgumentOutOfRangeException(nameof(happened)),
    };

    private static string Body(MessageReceived message)
    {
        string about = message.Quote is { } quote && message.Context is not null ? $"(to \"{quote}\") " : "";
        return Printable($"{(message.Forwarded is null ? "" : "(forwarded) ")}{about}{MessageText.Of(message.Message, message.Quote)}");
    }

    private static string Envelope(byte[]? envelope, bool withEnvelope) =>
        withEnvelope && envelope is not null ? $"\n  {Convert.ToBase64String(envelope)}" : "";

    private static string Printable(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) && c is not '\n' ? '\uFFFD' : c));
}
