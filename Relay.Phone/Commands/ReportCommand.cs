using Relay.Shared.Primitives;

namespace Relay.Phone.Commands;

/// <summary><c>report</c>: tells the transport that a business's message was unwanted, the latest unless one is named; what it said only with <c>--with-content</c>.</summary>
internal sealed class ReportCommand(CommandLine line, Terminal terminal) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        PhoneNumber from = line.Number("--from");
        EnvelopeId? message = line.Ids("--message")?[0];
        bool isFirst = await device.ReportAsync(from, message, line.Has("--with-content"), cancellationToken);
        terminal.WriteLine(isFirst ? "reported" : "reported before");
        return ExitCode.Done;
    }
}
