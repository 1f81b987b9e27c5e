using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Registration;

/// <summary>The development sender: prints the code beside the masked number. Never for production.</summary>
public sealed class PrintNumberCode(TextWriter output) : INumberCodeSender
{
    public Task SendAsync(PhoneNumber number, CodeMethod method, string language, Secret code, CancellationToken cancellationToken) =>
        output.WriteLineAsync($"Verification code for business number {number}: {code.Reveal()}".AsMemory(), cancellationToken);
}
