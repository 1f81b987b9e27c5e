using Relay.Phone.Commands;
using Relay.Phone.Events;
using Relay.Shared.Primitives;

namespace Relay.Phone.Chat;

/// <summary>Reads lines: a slash begins a command, anything else is sent to the correspondent at hand.</summary>
internal sealed class Prompt(PhoneDevice device, Terminal terminal)
{
    private const string Help = """
        /to NUMBER   whom the next lines go to; without it, whoever wrote or was written to last
        /read        tell everybody that you have read their messages
        /quit        end
        anything else is sent
        """;

    private PhoneNumber? _chosen;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await NextLineAsync(cancellationToken) is { } line && line != "/quit")
        {
            try
            {
                await TakeAsync(line.Trim(), cancellationToken);
            }
            catch (PhoneException e)
            {
                terminal.WriteError(e.Message);
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                terminal.WriteError("The transport can't be reached.");
            }
        }
    }

    // Reading a terminal blocks its thread whatever the method is called, so it gets a thread of its own.
    private Task<string?> NextLineAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(
        terminal.ReadLine, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task TakeAsync(string line, CancellationToken cancellationToken)
    {
        if (line.Length == 0)
        {
            return;
        }

        if (line[0] != '/')
        {
            await SendAsync(line, cancellationToken);
        }
        else if (line == "/read")
        {
            terminal.WriteLine($"{await device.MarkReadAsync(null, cancellationToken)} read");
        }
        else if (line.StartsWith("/to ", StringComparison.Ordinal) && PhoneNumber.TryParse(line[4..].Trim(), out PhoneNumber? number))
        {
            _chosen = number;
        }
        else
        {
            terminal.WriteLine(Help);
        }
    }

    private async Task SendAsync(string text, CancellationToken cancellationToken)
    {
        PhoneNumber? to = _chosen ?? (await device.GetStatusAsync(cancellationToken)).LastCorrespondent;
        if (to is null)
        {
            terminal.WriteError("To whom? Choose with /to NUMBER.");
            return;
        }

        PhoneEvent outcome = await device.SendTextAsync(to, text, null, cancellationToken);
        terminal.Show(outcome, asJson: false, withEnvelope: false);
    }
}
