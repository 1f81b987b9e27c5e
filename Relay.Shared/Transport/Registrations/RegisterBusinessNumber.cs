using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Registrations;

/// <summary>Gives a number to the relay that acts for a business; the caller has signed with the key that registers. May be repeated, but a call
/// that was signed before the number's last one is refused: whoever overheard one can do nothing with it.</summary>
public sealed class RegisterBusinessNumber(NumberHasher hasher, AssignNumber assign)
{
    public async Task<TransportResult<DeviceCredentialResponse>> ExecuteAsync(
        RegisterBusinessNumberRequest request, DateTimeOffset signed, CancellationToken cancellationToken)
    {
        if (!PhoneNumber.TryParse(request.Number, out PhoneNumber? number))
        {
            return TransportFailures.NotANumber;
        }

        if (!PushTarget.TryParseUrl(request.PushUrl, out Uri? url) || url is null)
        {
            return TransportFailures.BadRequest("'pushUrl' is not an absolute http or https address.");
        }

        if (request.PushSecret.Length != PushTarget.SecretSize)
        {
            return TransportFailures.BadRequest("'pushSecret' is not 32 bytes.");
        }

        if (request.Business is { } business && !BusinessLabel.IsOne(business))
        {
            return TransportFailures.BadRequest("'business' is not 1 to 64 letters and digits, other than 'all'.");
        }

        if (DeviceKeyRules.Check(request.Keys) is { } failure)
        {
            return failure;
        }

        using PushTarget push = new(url, SecretBytes.CopyOf(request.PushSecret));
        return await assign.ExecuteAsync(await hasher.HashAsync(number, cancellationToken), request.Keys, new BusinessClaim(push, signed, request.Business), cancellationToken);
    }
}
