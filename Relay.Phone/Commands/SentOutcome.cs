using Relay.Phone.Events;

namespace Relay.Phone.Commands;

/// <summary>Prints what became of a message that was sent, and says it by the exit code.</summary>
internal static class SentOutcome
{
    internal static int Show(CommandLine line, Terminal terminal, PhoneEvent outcome)
    {
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
