using Relay.Shared.Primitives;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Registrations;

/// <summary>
/// Gives a number to the device that knows its code. Everything but the code is checked first, so a malformed request costs no
/// attempt. A crash after the registration was used up leaves the number as it was: the device starts again.
/// </summary>
public sealed class VerifyRegistration(NumberHasher hasher, RegistrationStore registrations, AssignNumber assign, TimeProvider time)
{
    public async Task<TransportResult<DeviceCredentialResponse>> ExecuteAsync(
        string registrationId, VerifyRegistrationRequest request, CancellationToken cancellationToken)
    {
        if (!PhoneNumber.TryParse(request.Number, out PhoneNumber? number))
        {
            return TransportFailures.NotANumber;
        }

        if (!VerificationCodes.IsCode(request.Code))
        {
            return TransportFailures.BadRequest("'code' is not six digits.");
        }

        if (DeviceKeyRules.Check(request.Keys) is { } failure)
        {
            return failure;
        }

        NumberHash hash = await hasher.HashAsync(number, cancellationToken);
        return VerificationCodes.IsRegistrationId(registrationId) && await IsProvenAsync(hash, registrationId, request.Code, cancellationToken)
            ? await assign.ExecuteAsync(hash, request.Keys, null, cancellationToken)
            : TransportFailures.VerificationFailed;
    }

    private async Task<bool> IsProvenAsync(NumberHash number, string registrationId, string code, CancellationToken cancellationToken)
    {
        byte[] codeHash = await hasher.HashCodeAsync(number, registrationId, new Secret(code), cancellationToken);
        return await registrations.GuessAsync(number, registrationId, codeHash, time.GetUtcNow(), cancellationToken)
            && await registrations.ConsumeAsync(number, registrationId, cancellationToken);
    }
}
