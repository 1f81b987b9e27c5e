namespace Relay.Shared.Administration.Entra;

/// <summary>The Entra tenant whose people may use the admin API, and for whom their tokens are made.</summary>
/// <param name="Tenant">The tenant's id.</param>
/// <param name="Audience">What <c>aud</c> must be: the application (client) id of the manager's app registration.</param>
/// <param name="Authority">Where tokens come from, such as <c>https://login.microsoftonline.com</c>.</param>
public sealed record EntraDirectory(Guid Tenant, string Audience, Uri Authority)
{
    public static readonly Uri PublicCloud = new("https://login.microsoftonline.com");

    /// <summary>What <c>iss</c> must be: version 2.0 of that tenant.</summary>
    internal string Issuer => $"{Authority.GetLeftPart(UriPartial.Authority)}/{Tenant:D}/v2.0";

    internal Uri Configuration => new($"{Issuer}/.well-known/openid-configuration");

    /// <summary>Keys are taken from there and from nowhere else.</summary>
    internal bool IsAuthoritys(Uri address) => address.GetLeftPart(UriPartial.Authority) == Authority.GetLeftPart(UriPartial.Authority);
}
