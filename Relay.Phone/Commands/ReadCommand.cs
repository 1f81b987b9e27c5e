namespace Relay.Phone.Commands;

/// <summary><c>read</c>: tells senders that their messages were read.</summary>
internal sealed class ReadCommand(CommandLine line, Terminal terminal) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        if (line.Has("--ids") == line.Has("--all"))
        {
            throw new UsageException("'read' needs either --ids or --all.");
        }

        int count = await device.MarkReadAsync(line.Ids("--ids"), cancellationToken);
        terminal.WriteLine($"{count} read");
        return (await device.GetStatusAsync(cancellationToken)).Outbox > 0 ? ExitCode.Queued : ExitCode.Done;
    }
}
