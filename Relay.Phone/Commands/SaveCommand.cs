using Relay.Phone.Messages;
using Relay.Shared.Primitives;

namespace Relay.Phone.Commands;

/// <summary><c>save</c>: writes the file of a message, the latest that has one unless one is named.</summary>
internal sealed class SaveCommand(CommandLine line, Terminal terminal) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        PhoneNumber from = line.Number("--from");
        EnvelopeId? message = line.Ids("--message")?[0];
        terminal.WriteLine(await SaveFile.ExecuteAsync(device, from, message, line.Value("--out"), cancellationToken));
        return ExitCode.Done;
    }
}
