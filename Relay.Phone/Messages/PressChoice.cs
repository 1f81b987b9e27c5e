using System.Text.Json.Nodes;
using Relay.Phone.Events;
using Relay.Phone.Sending;
using Relay.Phone.State;
using Relay.Shared.Primitives;

namespace Relay.Phone.Messages;

/// <summary>Answers a message by what it offers.</summary>
internal static class PressChoice
{
    /// <param name="device">The phone.</param>
    /// <param name="to">Whose message it is.</param>
    /// <param name="message">Which; the latest that offers anything when null.</param>
    /// <param name="number">From 1.</param>
    /// <param name="fields">What a form is filled with.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PhoneException">There is no such message or choice, or it answers nothing.</exception>
    internal static async Task<PhoneEvent> ExecuteAsync(
        PhoneDevice device, PhoneNumber to, EnvelopeId? message, int number, JsonObject? fields, CancellationToken cancellationToken)
    {
        KeptMessage? kept = message is { } id
            ? await device.FindMessageAsync(to, id, cancellationToken)
            : await device.LastMessageAsync(to, isOurs: false, one => Choice.Of(one).Count > 0, cancellationToken);
        if (kept is null || !EnvelopeId.TryParse(kept.Id, out EnvelopeId asked))
        {
            throw new PhoneException("There is no message to answer: the last 50 of a correspondent are kept.");
        }

        IReadOnlyList<Choice> choices = Choice.Of(kept.Message);
        if (number < 1 || number > choices.Count)
        {
            throw new PhoneException($"That message offers {choices.Count} choices.");
        }

        Choice choice = choices[number - 1];
        JsonObject? answer = choice.FlowToken is null ? choice.Answer : choice.Fill(fields ?? []);
        return answer is null
            ? throw new PhoneException($"Pressing that sends nothing: {choice.Use}")
            : await device.SendAsync(to, answer, new SendOptions { ReplyTo = asked }, cancellationToken);
    }
}
