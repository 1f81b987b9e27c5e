using Relay.Shared.Primitives;

namespace Relay.Phone.Commands;

/// <summary><c>block</c> and <c>unblock</c>: whether a business's messages are kept away. <c>block</c> without a number lists whom.</summary>
internal sealed class BlockCommand(CommandLine line, Terminal terminal) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        bool isBlock = line.Syntax.Name == "block";
        if (isBlock && !line.Has("--number"))
        {
            foreach (string blocked in await device.ListBlocksAsync(cancellationToken))
            {
                terminal.WriteLine(blocked);
            }

            return ExitCode.Done;
        }

        PhoneNumber number = line.Number("--number");
        await device.BlockAsync(number, isBlock, cancellationToken);
        terminal.WriteLine(isBlock ? "blocked" : "unblocked");
        return ExitCode.Done;
    }
}
