using Relay.Phone.Events;
using Relay.Phone.Messages;
using Relay.Phone.Sending;
using Relay.Shared.Content;
using Relay.Shared.Primitives;

namespace Relay.Phone.Commands;

/// <summary><c>send</c>: one message of any type.</summary>
internal sealed class SendCommand(CommandLine line, Terminal terminal) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        PhoneNumber to = line.Number("--to");
        SendOptions options = new() { ReplyTo = line.Ids("--reply-to")?[0], Forwarded = Forwarded() };
        return SentOutcome.Show(line, terminal, await SendAsync(device, to, options, cancellationToken));
    }

    private async Task<PhoneEvent> SendAsync(PhoneDevice device, PhoneNumber to, SendOptions options, CancellationToken cancellationToken)
    {
        if (line.Value("--file") is not { } path)
        {
            return await device.SendAsync(to, MessageOptions.Read(line), options, cancellationToken);
        }

        FileToSend file = FileToSend.OfPath(path, MessageOptions.Kind(line), line.Value("--caption"), line.Has("--voice"));
        await using FileStream content = MessageOptions.Open(path);
        return await device.SendFileAsync(to, content, file, options, cancellationToken);
    }

    private string? Forwarded() => line.Value("--forwarded") switch
    {
        null => null,
        DeviceContent.ForwardedOnce => DeviceContent.ForwardedOnce,
        DeviceContent.ForwardedOften => DeviceContent.ForwardedOften,
        _ => throw new UsageException($"--forwarded takes {DeviceContent.ForwardedOnce} or {DeviceContent.ForwardedOften}."),
    };
}
