using Relay.Phone.Events;
using Relay.Phone.Messages;
using Relay.Phone.Sending;
using Relay.Shared.Primitives;

namespace Relay.Phone.Commands;

/// <summary><c>react</c>, <c>edit</c> and <c>revoke</c>: what is about another message.</summary>
internal sealed class ChangeCommand(CommandLine line, Terminal terminal) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        PhoneNumber to = line.Number("--to");
        EnvelopeId message = line.Ids("--message")![0];
        PhoneEvent outcome = line.Syntax.Name switch
        {
            "react" => await device.ReactAsync(to, message, line.Value("--emoji") ?? "", cancellationToken),
            "edit" => await device.SendAsync(to, MakeMessage.Edit(message.Hex, line.Value("--text")!), new SendOptions(), cancellationToken),
            _ => await device.SendAsync(to, MakeMessage.Revoke(message.Hex), new SendOptions(), cancellationToken),
        };
        return SentOutcome.Show(line, terminal, outcome);
    }
}
