using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Stamps;

namespace Relay.Shared.Accounts;

/// <summary><c>/{version}/{phone-number-id}/settings</c>: what a business sets for one of its numbers. Needs the permission whatsapp_business_management.</summary>
public sealed class NumberSettings(AccountDirectory accounts, NumberStore numbers, StampMap stamps)
{
    public async Task<Result<NumberSettingsResponse, GraphError>> GetAsync(Caller caller, PhoneNumberId number, CancellationToken cancellationToken)
    {
        if (await accounts.FindNumberAsync(caller, number, AccessScopes.Management, cancellationToken) is { Error: { } error })
        {
            return error;
        }

        // Not from the cache: what was just set is what is told.
        return await numbers.FindAsync(caller.Business, number, cancellationToken) is { } stored
            ? new NumberSettingsResponse(
                new UserIdentityChange { EnableIdentityKeyCheck = stored.ChecksIdentity }, Storage(stored), new SettingStatus("DISABLED"))
            : AccountDirectory.UnknownNumber;
    }

    public async Task<Result<SuccessResponse, GraphError>> SetAsync(
        Caller caller, PhoneNumberId number, NumberSettingsRequest request, CancellationToken cancellationToken)
    {
        if (await accounts.FindNumberAsync(caller, number, AccessScopes.Management, cancellationToken) is { Error: { } error })
        {
            return error;
        }

        if (request.Calling is not null)
        {
            return GraphErrorCode.InvalidParameter.Because("calling is not supported. Supported: user_identity_change, storage_configuration.");
        }

        if (request.PayloadEncryption is { } payload && !"DISABLED".Equals(payload.Status, StringComparison.OrdinalIgnoreCase))
        {
            return GraphErrorCode.InvalidParameter.Because("payload_encryption is not supported: its status can only be DISABLED. Requests are encrypted by TLS alone.");
        }

        if (request is { UserIdentityChange: null, StorageConfiguration: null, PayloadEncryption: null })
        {
            return GraphErrorCode.InvalidParameter.Because("user_identity_change.enable_identity_key_check (true or false) or storage_configuration is required.");
        }

        if (request.UserIdentityChange is { IsOn: null })
        {
            return GraphErrorCode.InvalidParameter.Because("user_identity_change.enable_identity_key_check (true or false) is required.");
        }

        StorageChoice? storage = null;
        if (request.StorageConfiguration is { } configuration && !StorageChoice.Read(configuration).TryGet(out storage, out GraphError? mistake))
        {
            return mistake;
        }

        if (storage?.Region is { } region && stamps.Find(region) is { } elsewhere)
        {
            return DataRegions.Elsewhere("storage_configuration.data_localization_region", region, elsewhere);
        }

        bool isThere = request.UserIdentityChange?.IsOn is not { } check || await numbers.SetChecksIdentityAsync(caller.Business, number, check, cancellationToken);
        if (storage is not null)
        {
            isThere &= await numbers.SetStorageAsync(caller.Business, number, storage.RetentionMinutes, storage.Region, cancellationToken);
        }

        accounts.Forget(caller.Business, number);
        return isThere ? new SuccessResponse() : AccountDirectory.UnknownNumber;
    }

    private static StorageConfiguration Storage(BusinessNumber number) => number switch
    {
        { RetentionPeriod: { } period } => new StorageConfiguration { Status = StorageConfiguration.NoStorageEnabled, RetentionMinutes = (int)period.TotalMinutes },
        { Region: { } region } => new StorageConfiguration { Status = StorageConfiguration.InCountryEnabled, DataLocalizationRegion = region },
        _ => new StorageConfiguration { Status = StorageConfiguration.Default },
    };
}
