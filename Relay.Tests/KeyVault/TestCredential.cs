using Azure.Core;
using Xunit;

namespace Relay.Tests.KeyVault;

/// <summary>Gives the token that the emulated vault wants, to who asks for the vault's.</summary>
internal sealed class TestCredential : TokenCredential
{
    public const string Token = "token-of-a-test";

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Assert.Equal("https://vault.azure.net/.default", Assert.Single(requestContext.Scopes));
        return new AccessToken(Token, DateTimeOffset.MaxValue);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
