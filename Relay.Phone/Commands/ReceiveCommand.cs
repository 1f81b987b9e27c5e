using Relay.Phone.Events;
using Relay.Phone.Receiving;

namespace Relay.Phone.Commands;

/// <summary><c>receive</c>: prints what is there, or waits for a count of messages.</summary>
internal sealed class ReceiveCommand(CommandLine line, Terminal terminal, TimeProvider time) : IPhoneCommand
{
    private const int MaxWaitSeconds = 24 * 60 * 60;
    private const int MaxCount = 1_000_000;
    private const int DefaultWaitSeconds = 30;

    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        bool waits = line.Has("--wait") || line.Has("--count");
        int missing = waits ? line.Count("--count", MaxCount) ?? 1 : 0;
        TimeSpan patience = TimeSpan.FromSeconds(waits ? line.Count("--wait", MaxWaitSeconds) ?? DefaultWaitSeconds : 0);
        long start = time.GetTimestamp();
        while (true)
        {
            TimeSpan left = missing > 0 ? patience - time.GetElapsedTime(start) : TimeSpan.Zero;
            IReadOnlyList<PhoneEvent> events = await device.ReceiveAsync(Options(left), cancellationToken);
            foreach (PhoneEvent happened in events)
            {
                terminal.Show(happened, line.Has(CommandSyntax.Json), line.Has("--envelopes"));
            }

            missing -= events.Count(happened => happened is MessageReceived);
            if (events.Count == 0 || (waits && missing <= 0))
            {
                await device.ConfirmAsync(cancellationToken);
                return missing > 0 ? ExitCode.Timeout : ExitCode.Done;
            }
        }
    }

    private ReceiveOptions Options(TimeSpan wait) => new()
    {
        Wait = wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        SendDelivered = !line.Has("--no-receipts"),
        SendRead = line.Has("--mark-read"),
    };
}
