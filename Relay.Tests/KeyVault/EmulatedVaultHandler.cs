using Relay.Tests.Support;

namespace Relay.Tests.KeyVault;

/// <summary>
/// One process's connection to an emulated vault: Key Vault's REST protocol, which wants a token and a version of its interface. Every call with a
/// token is a step of the plan.
/// </summary>
internal sealed class EmulatedVaultHandler(EmulatedVault vault, FaultPlan plan, string process) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri?.Host != vault.Address.Host || request.RequestUri.Scheme != Uri.UriSchemeHttps)
        {
            throw new HttpRequestException($"There is nothing at {request.RequestUri}.");
        }

        if (request.Headers.Authorization is not { Scheme: "Bearer", Parameter: TestCredential.Token })
        {
            vault.Challenges++;
            return VaultAnswer.Challenge();
        }

        if (!request.RequestUri.Query.Contains("api-version=7.", StringComparison.Ordinal))
        {
            return VaultAnswer.BadVersion.ToResponse();
        }

        if (await VaultCall.ReadAsync(request, cancellationToken) is not { } call)
        {
            return VaultAnswer.Unknown.ToResponse();
        }

        VaultAnswer answer = await plan.StepAsync(process, "vault:" + call.Operation, call.Name, "", () => vault.AnswerAsync(call));
        return answer.ToResponse();
    }
}
