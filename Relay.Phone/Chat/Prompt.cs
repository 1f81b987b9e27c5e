using Relay.Phone.Commands;
using Relay.Phone.Events;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Phone.Chat;

/// <summary>Reads lines: a slash begins a command, anything else is sent to the correspondent at hand.</summary>
internal sealed class Prompt(PhoneDevice device, Terminal terminal)
{
    private const string Help = """
        /to NUMBER   whom the next lines go to; without it, whoever wrote or was written to last
        /read        tell everybody that you have read their messages
        /safety      the safety number to compare with the correspondent at hand
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
        else if (line == "/safety")
        {
            await ShowSafetyNumberAsync(cancellationToken);
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
        if (await CorrespondentAsync("To whom?", cancellationToken) is { } to)
        {
            PhoneEvent outcome = await device.SendTextAsync(to, text, null, cancellationToken);
            terminal.Show(outcome, asJson: false, withEnvelope: false);
        }
    }

    private async Task ShowSafetyNumberAsync(CancellationToken cancellationToken)
    {
        if (await CorrespondentAsync("With whom?", cancellationToken) is { } with)
        {
            SafetyNumber number = await device.SafetyNumberAsync(with, cancellationToken);
            terminal.WriteLine($"{with.E164}\n{SafetyNumberLine.ToLines(number)}");
        }
    }

    private async Task<PhoneNumber?> CorrespondentAsync(string question, CancellationToken cancellationToken)
    {
        PhoneNumber? correspondent = _chosen ?? (await device.GetStatusAsync(cancellationToken)).LastCorrespondent;
        if (correspondent is null)
        {
            terminal.WriteError($"{question} Choose with /to NUMBER.");
        }

        return correspondent;
    }
}
