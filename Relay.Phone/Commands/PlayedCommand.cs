using Relay.Shared.Content;

namespace Relay.Phone.Commands;

/// <summary><c>played</c>: tells the sender of a voice message that it was listened to.</summary>
internal sealed class PlayedCommand(CommandLine line) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        await device.SendReceiptAsync(line.Number("--to"), ContentReceipt.Played, line.Ids("--message")!, cancellationToken);
        return (await device.GetStatusAsync(cancellationToken)).Outbox > 0 ? ExitCode.Queued : ExitCode.Done;
    }
}
