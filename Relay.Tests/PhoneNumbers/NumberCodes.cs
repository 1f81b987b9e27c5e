using System.Collections.Concurrent;
using Relay.Shared.PhoneNumbers.Registration;
using Relay.Shared.Primitives;

namespace Relay.Tests.PhoneNumbers;

/// <summary>Takes the codes of business numbers in.</summary>
internal sealed class NumberCodes : INumberCodeSender
{
    public ConcurrentQueue<(string Number, CodeMethod Method, string Language, string Code)> Sent { get; } = new();

    public string Last => Sent.Last().Code;

    public Task SendAsync(PhoneNumber number, CodeMethod method, string language, Secret code, CancellationToken cancellationToken)
    {
        Sent.Enqueue((number.E164, method, language, code.Reveal()));
        return Task.CompletedTask;
    }
}
