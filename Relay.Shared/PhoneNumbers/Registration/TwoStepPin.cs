using System.Diagnostics.CodeAnalysis;
using Relay.Shared.Accounts;
using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Registration;

/// <summary><c>POST {phone-number-id}</c> with <c>pin</c>: sets the number's two-step PIN. The one before isn't asked for, as in the Cloud API.</summary>
public sealed class TwoStepPin(DetailStore details, TimeProvider time)
{
    private const int Digits = 6;

    internal static bool IsPin([NotNullWhen(true)] string? pin) => pin is { Length: Digits } && pin.All(char.IsAsciiDigit);

    internal async Task<Result<SuccessResponse, GraphError>> SetAsync(BusinessNumber number, string pin, CancellationToken cancellationToken)
    {
        if (!IsPin(pin))
        {
            return GraphErrorCode.InvalidParameter.Because($"pin must have {Digits} digits.");
        }

        // Counted before the slow hash is made: that is what the bound protects.
        DetailChange<RegistrationState> counted = await ChangeAsync(number, state => state.CountPin(time.GetUtcNow()), cancellationToken);
        if (counted.Refusal is { } refusal)
        {
            return refusal;
        }

        SlowHash hash = SlowHash.Of(pin);
        await ChangeAsync(number, state => new(state.Registered(hash)), cancellationToken);
        return new SuccessResponse();
    }

    private Task<DetailChange<RegistrationState>> ChangeAsync(
        BusinessNumber number, Func<RegistrationState, DetailChange<RegistrationState>> change, CancellationToken cancellationToken) =>
        details.ChangeAsync(
            number.Business, DetailRows.Registration(number.Id), RegistrationJson.Default.RegistrationState, state => change(state ?? new()), cancellationToken);
}
