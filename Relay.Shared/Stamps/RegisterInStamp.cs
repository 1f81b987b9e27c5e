using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Stamps;

/// <summary>
/// Registers a number in the stamp that its business's numbers are in. The first registration of a business chooses, by
/// <c>data_localization_region</c>, and is recorded before anything is made; later ones go to the same stamp or are refused. Cut short anywhere, the same
/// call finishes it.
/// </summary>
public sealed class RegisterInStamp(StampOptions options, StampStore stamps, BusinessStore businesses, NumberStore numbers, RegisterNumber registerNumber, StampClient client)
{
    public async Task<Result<RegisterNumberResponse, GraphError>> ExecuteAsync(BusinessId id, RegisterNumberRequest request, CancellationToken cancellationToken)
    {
        string? region = request.Region?.ToUpperInvariant();
        if (region is not null && !DataRegions.IsKnown(region))
        {
            return DataRegions.Unknown("data_localization_region");
        }

        // What is malformed decides nothing.
        if (RegisterNumber.Read(request) is { Error: { } mistake })
        {
            return mistake;
        }

        if (await businesses.FindAsync(id, cancellationToken) is not { } business)
        {
            return GraphErrorCode.UnknownObject.Because("There is no such business.");
        }

        string chosen = await stamps.FindAsync(id, cancellationToken) ?? await ChooseAsync(id, region, cancellationToken);
        Uri? there = chosen == options.Own ? null : options.Managers.Find(chosen) ?? throw new InvalidOperationException("A business is in a region that the setting Manager__Stamps doesn't name.");
        if (region is not null && options.Managers.Find(region) != there)
        {
            return GraphErrorCode.ParameterInvalid.Because(
                $"data_localization_region: the numbers of this business are in {chosen} and stay there. For numbers elsewhere make another business.");
        }

        return there is null
            ? await RegisterHereAsync(id, request, region, cancellationToken)
            : await client.AdoptAsync(there, business, request with { Region = region ?? chosen }, cancellationToken);
    }

    /// <summary>In this stamp, whoever asks.</summary>
    internal async Task<Result<RegisterNumberResponse, GraphError>> RegisterHereAsync(
        BusinessId business, RegisterNumberRequest request, string? region, CancellationToken cancellationToken)
    {
        Result<RegisterNumberResponse, GraphError> result = await registerNumber.ExecuteAsync(business, request, cancellationToken);
        if (region is not null && result.TryGet(out RegisterNumberResponse? registered, out _) && PhoneNumberId.TryParse(registered.Id, out PhoneNumberId id)
            && await numbers.FindAsync(business, id, cancellationToken) is { RetentionPeriod: null } number && number.Region != region)
        {
            await numbers.SetStorageAsync(business, id, 0, region, cancellationToken);
        }

        return result;
    }

    /// <summary>A business that has numbers here from before there were other stamps stays.</summary>
    private async Task<string> ChooseAsync(BusinessId business, string? region, CancellationToken cancellationToken)
    {
        bool isElsewhere = options.Managers.Find(region) is not null && !await numbers.ListAsync(business, cancellationToken).AnyAsync(cancellationToken);
        return await stamps.RecordAsync(business, isElsewhere && region is not null ? region : options.Own, cancellationToken);
    }
}
