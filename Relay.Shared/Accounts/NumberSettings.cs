using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary><c>/{version}/{phone-number-id}/settings</c>: what a business sets for one of its numbers. Needs the permission whatsapp_business_management.</summary>
public sealed class NumberSettings(AccountDirectory accounts, NumberStore numbers)
{
    public async Task<Result<NumberSettingsResponse, GraphError>> GetAsync(Caller caller, PhoneNumberId number, CancellationToken cancellationToken)
    {
        if (await accounts.FindNumberAsync(caller, number, AccessScopes.Management, cancellationToken) is { Error: { } error })
        {
            return error;
        }

        // Not from the cache: what was just set is what is told.
        return await numbers.FindAsync(caller.Business, number, cancellationToken) is { } stored
            ? new NumberSettingsResponse(new UserIdentityChange(stored.ChecksIdentity))
            : AccountDirectory.UnknownNumber;
    }

    public async Task<Result<SuccessResponse, GraphError>> SetAsync(
        Caller caller, PhoneNumberId number, NumberSettingsRequest request, CancellationToken cancellationToken)
    {
        if (await accounts.FindNumberAsync(caller, number, AccessScopes.Management, cancellationToken) is { Error: { } error })
        {
            return error;
        }

        string? unsupported = request switch
        {
            { StorageConfiguration: not null } => "storage_configuration",
            { Calling: not null } => "calling",
            { PayloadEncryption: not null } => "payload_encryption",
            _ => null,
        };
        if (unsupported is not null)
        {
            return GraphErrorCode.InvalidParameter.Because($"{unsupported} is not supported. Supported: user_identity_change.");
        }

        if (request.UserIdentityChange?.EnableIdentityKeyCheck is not { } checks)
        {
            return GraphErrorCode.InvalidParameter.Because("user_identity_change.enable_identity_key_check (true or false) is required.");
        }

        if (!await numbers.SetChecksIdentityAsync(caller.Business, number, checks, cancellationToken))
        {
            return AccountDirectory.UnknownNumber;
        }

        accounts.Forget(caller.Business, number);
        return new SuccessResponse();
    }
}
