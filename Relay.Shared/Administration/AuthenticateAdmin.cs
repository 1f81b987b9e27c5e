using System.Security.Cryptography;
using Relay.Shared.Accounts;
using Relay.Shared.Administration.Entra;
using Relay.Shared.Administration.People;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Administration;

/// <summary>
/// Tells who calls the admin API: who has the admin token, a person's key, or a token of the Entra tenant whose bearer is among the people. Anybody else is told the same,
/// whatever was wrong.
/// </summary>
public sealed class AuthenticateAdmin(AdminCredential credential, PeopleDirectory people, PeopleKeys keys, AdminAccess access, EntraTokens? entra = null)
{
    private static readonly byte[] s_noHash = new byte[SHA256.HashSizeInBytes];

    /// <summary>Whether this is the admin token itself.</summary>
    public bool IsOperator(Secret? candidate) => !access.IsAdminTokenDisabled && credential.Admits(candidate);

    /// <exception cref="HttpRequestException">Entra's keys can't be had.</exception>
    public async Task<Result<AdminCaller, GraphError>> ExecuteAsync(Secret? candidate, CancellationToken cancellationToken)
    {
        if (IsOperator(candidate))
        {
            return AdminCaller.Operator;
        }

        return candidate?.Reveal() switch
        {
            null => Refused,
            { } text when PersonKey.TryParse(text, out PersonKey? key) => await ByKeyAsync(key, cancellationToken),
            { } text when entra is not null && text.Count(one => one == '.') == 2 => await ByEntraAsync(entra, candidate, cancellationToken),
            _ => Refused,
        };
    }

    private static GraphError Refused => GraphErrorCode.InvalidToken.Because(
        "The admin API takes its own credential: Authorization: Bearer and the admin token, a person's key, or an Entra access token of somebody who was let in.");

    private async Task<Result<AdminCaller, GraphError>> ByKeyAsync(PersonKey key, CancellationToken cancellationToken)
    {
        Person? person = people.FindKnown(key.Id);
        if (person is null && await keys.HoldAsync(key, cancellationToken))
        {
            person = await people.FindAsync(key.Id, cancellationToken);
        }

        bool isGenuine = CryptographicOperations.FixedTimeEquals(person?.KeyHash ?? s_noHash, key.Hash);
        return person is not null && isGenuine ? person.ToCaller() : Refused;
    }

    private async Task<Result<AdminCaller, GraphError>> ByEntraAsync(EntraTokens tokens, Secret candidate, CancellationToken cancellationToken)
    {
        if (!(await tokens.ExecuteAsync(candidate, cancellationToken)).TryGet(out EntraBearer? bearer, out GraphError? refusal))
        {
            return refusal;
        }

        // Its signature holds: somebody of the tenant, so looking costs what their own number of people allows.
        return access.Tenant is { } tenant
            && await people.FindAsync(PersonId.Of(tenant, bearer.ObjectId), cancellationToken) is { } person
            && (!bearer.IsApp || person.IsApp)
                ? person.ToCaller()
                : Refused;
    }
}
