using System.Globalization;
using Relay.Shared.Accounts;
using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Stamps;

namespace Relay.Shared.PhoneNumbers.Registration;

/// <summary>
/// <c>register</c> and <c>deregister</c>: puts a number into use, or out of it. While it is out nothing is accepted for sending, and what users send waits
/// with the transport, for 29 days at most. What was accepted before still leaves.
/// </summary>
public sealed class RegisterAgain(AccountDirectory accounts, NumberStore numbers, DetailStore details, RegisterNumber registerNumber, StampMap stamps, TimeProvider time)
{
    private const int LastVersionWithRegion = 20;

    /// <param name="caller">Who.</param>
    /// <param name="id">The number.</param>
    /// <param name="version">Of the path; null without one, which is the newest.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Result<SuccessResponse, GraphError>> RegisterAsync(
        Caller caller, PhoneNumberId id, string? version, RegisterRequest request, CancellationToken cancellationToken)
    {
        if (!(await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).TryGet(out BusinessNumber? number, out GraphError? refusal))
        {
            return refusal;
        }

        if (Check(request, version) is { } mistake)
        {
            return mistake;
        }

        if (request.Region is { } region && stamps.Find(region) is { } elsewhere)
        {
            return DataRegions.Elsewhere("data_localization_region", region, elsewhere);
        }

        DetailChange<RegistrationState> tried = await ChangeAsync(number, state => state.Register(time.GetUtcNow()), cancellationToken);
        if (tried.Refusal is { } refused)
        {
            return refused;
        }

        string pin = request.Pin ?? string.Empty;
        SlowHash hash = tried.Next?.Pin ?? SlowHash.Of(pin);
        if (tried.Next?.Pin is not null && !hash.Matches(pin))
        {
            return GraphErrorCode.PinMismatch.Because("pin is not the number's two-step PIN. POST {phone-number-id} with pin sets another one.");
        }

        if (!number.IsRegistered && (await registerNumber.RepeatAsync(number, cancellationToken)).Error is { } failed)
        {
            return failed;
        }

        // Of two that set the first PIN at once, one has it; the other's call was right when it was made.
        await ChangeAsync(number, state => new(state.Registered(state.Pin ?? hash)), cancellationToken);
        await KeepAsync(number, request, cancellationToken);
        accounts.Forget(number.Business, id);
        return new SuccessResponse();
    }

    public async Task<Result<SuccessResponse, GraphError>> DeregisterAsync(Caller caller, PhoneNumberId id, CancellationToken cancellationToken)
    {
        if (!(await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).TryGet(out BusinessNumber? number, out GraphError? refusal))
        {
            return refusal;
        }

        if (!number.IsRegistered)
        {
            return GraphErrorCode.NumberNotRegistered.Because("The phone number is not registered: there is nothing to deregister.");
        }

        DetailChange<RegistrationState> counted = await ChangeAsync(number, state => state.Count(time.GetUtcNow()), cancellationToken);
        if (counted.Refusal is { } refused)
        {
            return refused;
        }

        await numbers.DeregisterAsync(number.Business, id, cancellationToken);
        accounts.Forget(number.Business, id);
        return new SuccessResponse();
    }

    private async Task KeepAsync(BusinessNumber number, RegisterRequest request, CancellationToken cancellationToken)
    {
        if (request.Region is not null || request.RetentionMinutes is not null)
        {
            await numbers.SetStorageAsync(number.Business, number.Id, request.RetentionMinutes ?? 0, request.Region?.ToUpperInvariant(), cancellationToken);
        }
    }

    private static GraphError? Check(RegisterRequest request, string? version) => request switch
    {
        { MessagingProduct: not "whatsapp" } => GraphErrorCode.ParameterMissing.Because("messaging_product must be whatsapp."),
        _ when !TwoStepPin.IsPin(request.Pin) => GraphErrorCode.InvalidParameter.Because("pin must have 6 digits."),
        { Backup: not null } => GraphErrorCode.InvalidParameter.Because("backup is not supported: there is no On-Premises API to come from."),
        { Region: not null } when !TakesRegion(version) => GraphErrorCode.InvalidParameter.Because(
            $"data_localization_region is taken up to v{LastVersionWithRegion}.0; later it is set with POST {{phone-number-id}}/settings."),
        { Region: { } region } when !DataRegions.IsKnown(region) => DataRegions.Unknown("data_localization_region"),
        { RetentionMinutes: < StorageChoice.MinRetention or > StorageChoice.MaxRetention } => GraphErrorCode.InvalidParameter.Because(
            $"meta_store_retention_minutes must be {StorageChoice.MinRetention} to {StorageChoice.MaxRetention}."),
        _ => null,
    };

    private static bool TakesRegion(string? version) =>
        version is not null && int.TryParse(version.AsSpan(1, version.IndexOf('.', StringComparison.Ordinal) - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int major)
        && major <= LastVersionWithRegion;

    private Task<DetailChange<RegistrationState>> ChangeAsync(
        BusinessNumber number, Func<RegistrationState, DetailChange<RegistrationState>> change, CancellationToken cancellationToken) =>
        details.ChangeAsync(
            number.Business,
            DetailRows.Registration(number.Id),
            RegistrationJson.Default.RegistrationState,
            state => change(VerifyNumber.Of(number, state)),
            cancellationToken);
}
