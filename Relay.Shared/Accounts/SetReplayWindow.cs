using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>
/// Sets for how many days the payloads of told webhooks are kept. Other instances notice within half a minute; what a shorter window leaves is
/// erased by <see cref="Maintenance.EraseTold"/>.
/// </summary>
public sealed class SetReplayWindow(AccountDirectory accounts, BusinessStore businesses, TimeProvider time)
{
    public async Task<Result<AdminSuccess, GraphError>> ExecuteAsync(
        BusinessId business, SetReplayWindowRequest request, CancellationToken cancellationToken)
    {
        if (request.Days is not (>= 0 and <= ReplayWindow.MaxDays and { } days))
        {
            return GraphErrorCode.ParameterInvalid.Because($"days must be a number from 0 to {ReplayWindow.MaxDays}.");
        }

        if (!await businesses.SetReplayWindowAsync(business, new ReplayWindow(days), time.GetUtcNow(), cancellationToken))
        {
            return GraphErrorCode.UnknownObject.Because("There is no such business.");
        }

        accounts.Forget(business);
        return new AdminSuccess();
    }
}
