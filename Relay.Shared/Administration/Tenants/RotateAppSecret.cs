using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Administration.Tenants;

/// <summary>
/// Gives a business's app another secret. It signs webhooks from then on (other instances within half a minute); for a time the one before still opens what the app opens, and
/// tokens that were made of it end with it.
/// </summary>
public sealed class RotateAppSecret(BusinessStore businesses, AccountDirectory accounts, TimeProvider time)
{
    private const int UsualHours = 24;
    private const int MaxHours = 168;

    public async Task<Result<RotateAppSecretResponse, GraphError>> ExecuteAsync(
        BusinessId business, RotateAppSecretRequest request, CancellationToken cancellationToken)
    {
        int hours = request.OverlapHours ?? UsualHours;
        if (hours is < 0 or > MaxHours)
        {
            return GraphErrorCode.ParameterInvalid.Because($"overlap_hours must be 0 to {MaxHours}.");
        }

        Secret next = CreateBusiness.CreateSecret();
        DateTimeOffset until = time.GetUtcNow().AddHours(hours);
        if (!await businesses.RotateSecretAsync(business, next, until, cancellationToken))
        {
            return Administer.UnknownBusiness;
        }

        accounts.Forget(business);
        return new RotateAppSecretResponse(next.Reveal(), until.ToUnixTimeSeconds());
    }
}
