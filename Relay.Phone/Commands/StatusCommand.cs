using System.Text.Json;
using Relay.Phone.State;

namespace Relay.Phone.Commands;

/// <summary><c>status</c>: the phone in numbers; asks nobody.</summary>
internal sealed class StatusCommand(CommandLine line, Terminal terminal) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        PhoneStatus status = await device.GetStatusAsync(cancellationToken);
        terminal.WriteLine(line.Has(CommandSyntax.Json)
            ? JsonSerializer.Serialize(status, PhoneJson.Default.PhoneStatus)
            : $"""
               number            {status.Number}
               correspondents    {status.Correspondents}
               unread            {status.Unread}
               outbox            {status.Outbox}
               one-time pre-keys {status.OneTimePreKeys}
               Kyber pre-keys    {status.KyberPreKeys}
               signed pre-keys   {status.SignedPreKeys}
               """);
        return ExitCode.Done;
    }
}
