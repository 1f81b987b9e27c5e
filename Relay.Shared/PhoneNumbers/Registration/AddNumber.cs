using System.Text.Json.Nodes;
using Relay.Shared.Accounts;
using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Registration;

/// <summary>
/// <c>POST {waba-id}/phone_numbers</c>: adds a number that the business has yet to prove and register. The same number again is the same id. Nothing is
/// claimed at the transport before it is proven.
/// </summary>
public sealed class AddNumber(AccountDirectory accounts, NumberStore numbers, DetailStore details)
{
    private const int MaxName = 75;
    private const int MinName = 2;

    /// <summary>Numbers of one business that are not registered yet.</summary>
    private const int MaxPending = 20;

    public async Task<Result<JsonObject, GraphError>> ExecuteAsync(Caller caller, string wabaId, AddNumberRequest request, CancellationToken cancellationToken)
    {
        if ((await accounts.FindAccountAsync(caller, wabaId, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        if (request.Migrate is true || request.PreverifiedId is not null)
        {
            return GraphErrorCode.InvalidParameter.Because("migrate_phone_number and preverified_id are not supported: add the number and verify it by its code.");
        }

        if (request.CountryCode is { } code && (code.Length is < 1 or > 4 || !code.TrimStart('+').All(char.IsAsciiDigit)))
        {
            return GraphErrorCode.InvalidParameter.Because("cc must be a country calling code of 1 to 3 digits.");
        }

        if (!PhoneNumber.TryParse(request.CountryCode?.TrimStart('+') + request.PhoneNumber, out PhoneNumber? phone))
        {
            return GraphErrorCode.InvalidParameter.Because("phone_number must be, after cc, an international number of 7 to 15 digits.");
        }

        return request.VerifiedName is { Length: >= MinName and <= MaxName } name
            ? await AddAsync(caller.Business, phone, name, cancellationToken)
            : GraphErrorCode.InvalidParameter.Because($"verified_name must have {MinName} to {MaxName} characters.");
    }

    private async Task<Result<JsonObject, GraphError>> AddAsync(BusinessId business, PhoneNumber phone, string name, CancellationToken cancellationToken)
    {
        int pending = 0;
        await foreach (BusinessNumber one in numbers.ListAsync(business, cancellationToken))
        {
            if (one.Number.Equals(phone))
            {
                return Id(one.Id);
            }

            pending += one.Credential is null ? 1 : 0;
        }

        if (pending >= MaxPending)
        {
            return GraphErrorCode.InvalidParameter.Because($"{MaxPending} numbers of this business are not registered yet: register some first.");
        }

        BusinessNumber number = RegisterNumber.Create(business, PhoneNumberId.Create(), phone, name);

        // Its state first: a number without one counts as vouched for.
        await details.ChangeAsync(
            business,
            DetailRows.Registration(number.Id),
            RegistrationJson.Default.RegistrationState,
            _ => new(new RegistrationState { IsVerified = false }),
            cancellationToken);
        await numbers.AddAsync(number, cancellationToken);
        return Id(number.Id);
    }

    private static JsonObject Id(PhoneNumberId id) => new() { ["id"] = id.Value };
}
