using Relay.Phone.Commands;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Phone.Chat;

/// <summary>Reads lines: a slash begins a command, anything else is sent to the correspondent at hand.</summary>
internal sealed class Prompt(PhoneDevice device, Terminal terminal)
{
    private const string Help = """
        /to NUMBER   whom the next lines go to; without it, whoever wrote or was written to last
        /read        tell everybody that you have read their messages
        /1           press number 1 of what was offered last; /form {"field":"value"} fills in a form
        /file PATH [CAPTION]   /voice PATH   /location LATITUDE,LONGITUDE [NAME]   /contact NAME
        /reply TEXT  answer the last message; /react EMOJI, without one take it back; /played: you have listened to it
        /edit TEXT   /revoke   change or take back what you sent last
        /save [PATH] the last file
        /report [content]   the business's last message was unwanted; with the word, the operator may see it
        /block   /unblock   keep the correspondent at hand away, if it is a business
        /safety      the safety number to compare with the correspondent at hand
        /quit        end
        anything else is sent
        """;

    private readonly ChatMessages _messages = new(device);
    private PhoneNumber? _chosen;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await NextLineAsync(cancellationToken) is { } line && line != "/quit")
        {
            try
            {
                await TakeAsync(line.Trim(), cancellationToken);
            }
            catch (Exception e) when (e is PhoneException or UsageException or IOException or UnauthorizedAccessException)
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
            await SendAsync("/text", line, cancellationToken);
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
            string[] words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            await SendAsync(words[0], words.Length > 1 ? words[1] : "", cancellationToken);
        }
    }

    private async Task SendAsync(string command, string rest, CancellationToken cancellationToken)
    {
        if (!ChatMessages.Knows(command))
        {
            terminal.WriteLine(Help);
        }
        else if (await CorrespondentAsync("To whom?", cancellationToken) is { } to)
        {
            if (await _messages.ExecuteAsync(to, command, rest, cancellationToken) is { } outcome)
            {
                terminal.Show(outcome, asJson: false, withEnvelope: false);
            }
            else
            {
                terminal.WriteLine("done");
            }
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
