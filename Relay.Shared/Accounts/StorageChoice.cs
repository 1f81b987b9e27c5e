using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>What a business chose of how long and where messages of a number are kept: one or the other, or neither.</summary>
/// <param name="RetentionMinutes">0 for as long as all else.</param>
/// <param name="Region">Null for none.</param>
internal sealed record StorageChoice(int RetentionMinutes, string? Region)
{
    /// <summary>In minutes, as with the Cloud API's No Storage.</summary>
    internal const int MinRetention = 60;

    /// <summary>30 days.</summary>
    internal const int MaxRetention = 43_200;

    private const string Statuses =
        $"{StorageConfiguration.NoStorageEnabled}, {StorageConfiguration.NoStorageDisabled}, {StorageConfiguration.InCountryEnabled}, {StorageConfiguration.InCountryDisabled} or {StorageConfiguration.Default}";

    /// <summary>Reads both spellings of it.</summary>
    internal static Result<StorageChoice, GraphError> Read(StorageConfiguration asked)
    {
        string? status = asked.Status?.ToUpperInvariant() ?? asked.Enabled switch
        {
            true => StorageConfiguration.InCountryEnabled,
            false => StorageConfiguration.InCountryDisabled,
            null => null,
        };
        string? region = asked.DataLocalizationRegion ?? asked.Region;
        return status switch
        {
            StorageConfiguration.NoStorageEnabled when region is not null => Invalid("data_localization_region goes with status IN_COUNTRY_STORAGE_ENABLED only."),
            StorageConfiguration.NoStorageEnabled => asked.RetentionMinutes is { } minutes and >= MinRetention and <= MaxRetention
                ? new StorageChoice(minutes, null)
                : Invalid($"retention_minutes must be {MinRetention} to {MaxRetention}."),
            _ when asked.RetentionMinutes is not null => Invalid("retention_minutes goes with status NO_STORAGE_ENABLED only."),
            StorageConfiguration.InCountryEnabled => region is not null && DataRegions.IsKnown(region)
                ? new StorageChoice(0, region.ToUpperInvariant())
                : DataRegions.Unknown("storage_configuration.data_localization_region"),
            _ when region is not null => Invalid("data_localization_region goes with status IN_COUNTRY_STORAGE_ENABLED only."),
            StorageConfiguration.Default or StorageConfiguration.NoStorageDisabled or StorageConfiguration.InCountryDisabled => new StorageChoice(0, null),
            _ => Invalid($"status must be {Statuses}."),
        };
    }

    private static GraphError Invalid(string details) => GraphErrorCode.InvalidParameter.Because("storage_configuration." + details);
}
