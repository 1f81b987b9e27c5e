using Relay.Shared.Primitives;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Registrations;

/// <summary>Sends a verification code. Answers the same whether or not the number is registered.</summary>
public sealed class StartRegistration(
    NumberHasher hasher, RegistrationStore registrations, TransportExpiryIndex expiry, IVerificationCodeSender sender, TimeProvider time)
{
    public async Task<TransportResult<StartRegistrationResponse>> ExecuteAsync(
        StartRegistrationRequest request, CancellationToken cancellationToken)
    {
        if (!PhoneNumber.TryParse(request.Number, out PhoneNumber? number))
        {
            return TransportFailures.NotANumber;
        }

        DateTimeOffset now = time.GetUtcNow();
        NumberHash hash = await hasher.HashAsync(number, cancellationToken);
        string registrationId = VerificationCodes.CreateRegistrationId();
        Secret code = VerificationCodes.Create();
        byte[] codeHash = await hasher.HashCodeAsync(hash, registrationId, code, cancellationToken);

        await expiry.NoteAsync(UtcDay.Today(time), ExpiryKind.Registrations, hash.Hex, cancellationToken);
        if (await registrations.StartAsync(hash, registrationId, codeHash, now, cancellationToken) is { } wait)
        {
            return TransportFailures.TooMany(wait);
        }

        await sender.SendAsync(number, registrationId, code, cancellationToken);
        return new StartRegistrationResponse(registrationId, (now + TransportLimits.CodeLife).ToUnixTimeSeconds());
    }
}
