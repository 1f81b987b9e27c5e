using System.Collections.Concurrent;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Registrations;

namespace Relay.Load.Parties;

/// <summary>Takes verification codes instead of a gateway, and hands each to the device that asks.</summary>
internal sealed class CodeBox : IVerificationCodeSender
{
    private readonly ConcurrentDictionary<string, Secret> _codes = new(StringComparer.Ordinal);

    public Task SendAsync(PhoneNumber number, string registrationId, Secret code, CancellationToken cancellationToken)
    {
        _codes[registrationId] = code;
        return Task.CompletedTask;
    }

    public Task<Secret> TakeAsync(string registrationId, CancellationToken cancellationToken) => Task.FromResult(_codes[registrationId]);
}
