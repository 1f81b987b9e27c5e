namespace Relay.Phone.Commands;

/// <summary>One command of the phone; answers with an <see cref="ExitCode"/>.</summary>
internal interface IPhoneCommand
{
    Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken);
}
