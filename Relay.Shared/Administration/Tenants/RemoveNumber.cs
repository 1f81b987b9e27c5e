using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.PreKeys;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Administration.Tenants;

/// <summary>
/// Ends a number that is out of use (what it had accepted has left): the transport gives it free, and then its keys and all that the business said of it go, its own row last,
/// so that a call that was cut short is finished by the next. Its conversations die with their days, or when the number said.
/// </summary>
public sealed class RemoveNumber(
    AccountDirectory accounts, BusinessStore businesses, NumberStore numbers, PreKeyStore preKeys, DetailStore details, SubscriptionStore subscriptions, TransportClient transport,
    TimeProvider time)
{
    public async Task<Result<AdminSuccess, GraphError>> ExecuteAsync(BusinessId business, string phoneNumberId, CancellationToken cancellationToken)
    {
        if (!PhoneNumberId.TryParse(phoneNumberId, out PhoneNumberId id) || await numbers.FindAsync(business, id, cancellationToken) is not { } number)
        {
            return TenantNumbers.UnknownNumber;
        }

        if (number.IsRegistered)
        {
            return GraphErrorCode.ParameterInvalid.Because("The number is in use. Deregister it, let leave what it accepted, and then remove it.");
        }

        if (!await IsFreeAsync(number, cancellationToken))
        {
            return GraphErrorCode.NumberRegistrationFault.Because("The transport refused to give the number free. Try again.");
        }

        if (number.RetentionPeriod is { } period)
        {
            await businesses.KeepRetentionAsync(business, id, period, time.GetUtcNow(), cancellationToken);
        }

        await preKeys.RemoveAsync(id, cancellationToken);
        await details.RemoveAsync(business, id, cancellationToken);
        await subscriptions.RemoveAsync(business, SubscriberId.OfNumber(id), cancellationToken);
        await numbers.RemoveAsync(business, id, cancellationToken);
        accounts.Forget(business);
        accounts.Forget(business, id);
        return new AdminSuccess();
    }

    /// <summary>Gives the number free at the transport, so that anybody may register it; false when the transport won't.</summary>
    internal async Task<bool> IsFreeAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        if (number.Credential is not { } credential)
        {
            return true;
        }

        // A credential that is none any more: the number was given free before, or is somebody else's by now.
        TransportResult<ReleaseNumberResponse> released = await transport.ReleaseNumberAsync(credential, cancellationToken);
        return released.IsSuccess || released.Failure.Code == TransportErrorCode.Unauthorized;
    }
}
