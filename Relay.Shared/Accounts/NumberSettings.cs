using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary><c>/{version}/{phone-number-id}/settings</c>: what a business sets for one of its numbers. Needs the permission whatsapp_business_management.</summary>
public sealed class NumberSettings(AccountDirectory accounts, NumberStore numbers)
{
    /// <summary>In minutes, as with the Cloud API's No Storage.</summary>
    private const int MinRetention = 60;

    /// <summary>30 days.</summary>
    private const int MaxRetention = 43_200;

    public async Task<Result<NumberSettingsResponse, GraphError>> GetAsync(Caller caller, PhoneNumberId number, CancellationToken cancellationToken)
    {
        if (await accounts.FindNumberAsync(caller, number, AccessScopes.Management, cancellationToken) is { Error: { } error })
        {
            return error;
        }

        // Not from the cache: what was just set is what is told.
        return await numbers.FindAsync(caller.Business, number, cancellationToken) is { } stored
            ? new NumberSettingsResponse(new UserIdentityChange(stored.ChecksIdentity), Storage(stored))
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
            { Calling: not null } => "calling",
            { PayloadEncryption: not null } => "payload_encryption",
            _ => null,
        };
        if (unsupported is not null)
        {
            return GraphErrorCode.InvalidParameter.Because($"{unsupported} is not supported. Supported: user_identity_change, storage_configuration.");
        }

        if (request is { UserIdentityChange: null, StorageConfiguration: null })
        {
            return GraphErrorCode.InvalidParameter.Because("user_identity_change.enable_identity_key_check (true or false) or storage_configuration is required.");
        }

        bool? checks = request.UserIdentityChange?.EnableIdentityKeyCheck;
        if (request.UserIdentityChange is not null && checks is null)
        {
            return GraphErrorCode.InvalidParameter.Because("user_identity_change.enable_identity_key_check (true or false) is required.");
        }

        int minutes = 0;
        if (request.StorageConfiguration is { } storage && !ReadMinutes(storage).TryGet(out minutes, out GraphError? mistake))
        {
            return mistake;
        }

        if ((checks is { } check && !await numbers.SetChecksIdentityAsync(caller.Business, number, check, cancellationToken))
            || (request.StorageConfiguration is not null && !await numbers.SetRetentionAsync(caller.Business, number, minutes, cancellationToken)))
        {
            return AccountDirectory.UnknownNumber;
        }

        accounts.Forget(caller.Business, number);
        return new SuccessResponse();
    }

    /// <summary>0 for as long as all else.</summary>
    private static Result<int, GraphError> ReadMinutes(StorageConfiguration storage) => storage switch
    {
        { DataLocalizationRegion: not null } => GraphErrorCode.InvalidParameter.Because(
            "storage_configuration.data_localization_region is not supported: data lies where Relay is deployed."),
        { Status: StorageConfiguration.NoStorageEnabled, RetentionMinutes: { } minutes and >= MinRetention and <= MaxRetention } => minutes,
        { Status: StorageConfiguration.NoStorageEnabled } => GraphErrorCode.InvalidParameter.Because(
            $"storage_configuration.retention_minutes must be {MinRetention} to {MaxRetention}."),
        { Status: StorageConfiguration.Default or StorageConfiguration.NoStorageDisabled, RetentionMinutes: null } => 0,
        { Status: StorageConfiguration.Default or StorageConfiguration.NoStorageDisabled } => GraphErrorCode.InvalidParameter.Because(
            "storage_configuration.retention_minutes goes with status NO_STORAGE_ENABLED only."),
        _ => GraphErrorCode.InvalidParameter.Because("storage_configuration.status must be NO_STORAGE_ENABLED, NO_STORAGE_DISABLED or DEFAULT."),
    };

    private static StorageConfiguration Storage(BusinessNumber number) => number.RetentionPeriod is { } period
        ? new StorageConfiguration { Status = StorageConfiguration.NoStorageEnabled, RetentionMinutes = (int)period.TotalMinutes }
        : new StorageConfiguration { Status = StorageConfiguration.Default };
}
