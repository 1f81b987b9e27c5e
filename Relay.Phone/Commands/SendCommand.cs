using Relay.Phone.Events;
using Relay.Shared.Primitives;

namespace Relay.Phone.Commands;

/// <summary><c>send</c>: one text.</summary>
internal sealed class SendCommand(CommandLine line, Terminal terminal) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        PhoneNumber to = line.Number("--to");
        EnvelopeId? replyTo = line.Ids("--reply-to") is { } ids ? ids[0] : null;
        PhoneEvent outcome = await device.SendTextAsync(to, line.Value("--text") ?? "", replyTo, cancellationToken);
        bool asJson = line.Has(CommandSyntax.Json);
        terminal.Show(outcome, asJson, withEnvelope: asJson || line.Has("--envelopes"));
        return outcome switch
        {
            MessageSent { Queued: false } => ExitCode.Done,
            MessageSent => ExitCode.Queued,
            _ => ExitCode.Failed,
        };
    }
}
