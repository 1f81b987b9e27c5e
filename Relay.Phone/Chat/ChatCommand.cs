using Relay.Phone.Commands;

namespace Relay.Phone.Chat;

/// <summary>The interactive phone: what comes is printed as it comes, what is typed is sent. Ends with the input or the user.</summary>
internal sealed class ChatCommand(Terminal terminal, TimeProvider time) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        PhoneStatus status = await device.GetStatusAsync(cancellationToken);
        terminal.WriteLine($"This is {status.Number}. {status.Unread} unread. /help tells more.");
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task receiving = new ReceiveLoop(device, terminal, time).RunAsync(ending.Token);
        Task typing = new Prompt(device, terminal).RunAsync(ending.Token);
        await Task.WhenAny(receiving, typing);
        await ending.CancelAsync();

        // The prompt may sit in a read that can't be cancelled: it isn't waited for, the process ends it.
        await receiving;
        if (typing.IsCompleted)
        {
            await typing;
        }

        return ExitCode.Done;
    }
}
