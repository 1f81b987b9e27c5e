using System.Text.Json.Nodes;
using Relay.Phone.Messages;
using Relay.Shared.Primitives;

namespace Relay.Phone.Commands;

/// <summary><c>answer</c>: presses what a message offers, by its number; the latest such message unless one is named.</summary>
internal sealed class AnswerCommand(CommandLine line, Terminal terminal) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        PhoneNumber to = line.Number("--to");
        JsonObject? fields = line.Value("--form") is { } form ? MessageOptions.ReadObject("--form", form) : null;
        EnvelopeId? message = line.Ids("--message")?[0];
        return SentOutcome.Show(line, terminal, await PressChoice.ExecuteAsync(device, to, message, line.Count("--choice", 1_000) ?? 1, fields, cancellationToken));
    }
}
