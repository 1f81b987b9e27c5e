using System.Collections.Concurrent;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Registrations;

namespace Relay.Tests.Transport;

/// <summary>The holder of every number: gets the codes.</summary>
internal sealed class CodeMailbox : IVerificationCodeSender
{
    public ConcurrentDictionary<string, Secret> Codes { get; } = [];

    public Task SendAsync(PhoneNumber number, string registrationId, Secret code, CancellationToken cancellationToken)
    {
        Codes[registrationId] = code;
        return Task.CompletedTask;
    }
}
