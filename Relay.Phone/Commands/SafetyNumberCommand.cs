using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Phone.Commands;

/// <summary><c>safety-number</c>: what to compare with a correspondent; asks nobody.</summary>
internal sealed class SafetyNumberCommand(CommandLine line, Terminal terminal) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        PhoneNumber with = line.Number("--with");
        SafetyNumber number = await device.SafetyNumberAsync(with, cancellationToken);
        if (line.Has(CommandSyntax.Json))
        {
            terminal.WriteJson(SafetyNumberLine.Of(with, number));
        }
        else
        {
            terminal.WriteLine(SafetyNumberLine.ToLines(number));
        }

        return ExitCode.Done;
    }
}
