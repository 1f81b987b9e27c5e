using System.Security.Cryptography;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.PreKeys;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Accounts;

/// <summary>
/// Makes the relay a device of a business's number: identity key and pre-keys are made here and sealed before the transport
/// learns their public halves. Cut short anywhere, the same call finishes it.
/// </summary>
public sealed class RegisterNumber(
    AccountDirectory accounts, NumberStore numbers, PreKeyStore preKeys, KeepPreKeys keepPreKeys, TransportClient transport, RelayAddresses addresses)
{
    private const int MaxName = 100;

    public async Task<Result<RegisterNumberResponse, GraphError>> ExecuteAsync(
        BusinessId business, RegisterNumberRequest request, CancellationToken cancellationToken)
    {
        if (await accounts.FindBusinessAsync(business, cancellationToken) is null)
        {
            return GraphErrorCode.UnknownObject.Because("There is no such business.");
        }

        if (!Read(request).TryGet(out (PhoneNumber Phone, string Name) read, out GraphError? mistake))
        {
            return mistake;
        }

        (PhoneNumber phone, string name) = read;

        BusinessNumber? existing = await FindAsync(business, phone, cancellationToken);
        if (request.PhoneNumberId is { } given && existing?.Id.Value != given)
        {
            return GraphErrorCode.UnknownObject.Because("The business has no such phone number id for this number.");
        }

        BusinessNumber number = existing ?? Create(business, PhoneNumberId.Create(), phone, name);
        if (existing is null)
        {
            await numbers.AddAsync(number, cancellationToken);
        }

        Result<RegisterNumberResponse, GraphError> published = await PublishAsync(number, cancellationToken);
        if (existing is null && !published.TryGet(out _, out _))
        {
            await RemoveAsync(number, cancellationToken);
        }

        return published;
    }

    /// <summary>What a request says, whatever is known.</summary>
    internal static Result<(PhoneNumber Phone, string Name), GraphError> Read(RegisterNumberRequest request) =>
        !PhoneNumber.TryParse(request.PhoneNumber, out PhoneNumber? phone) ? GraphErrorCode.ParameterInvalid.Because("phone_number must be in international form, 7 to 15 digits.")
        : request.VerifiedName is not { Length: > 0 and <= MaxName } name ? GraphErrorCode.ParameterInvalid.Because($"verified_name must have 1 to {MaxName} characters.")
        : (phone, name);

    /// <summary>Registers a number with the transport that the business has: for the first time, or anew.</summary>
    internal Task<Result<RegisterNumberResponse, GraphError>> RepeatAsync(BusinessNumber number, CancellationToken cancellationToken) => PublishAsync(number, cancellationToken);

    /// <summary>The business's own number, also one whose registration was cut short before anybody was told its id.</summary>
    internal async Task<BusinessNumber?> FindAsync(BusinessId business, PhoneNumber phone, CancellationToken cancellationToken)
    {
        await foreach (BusinessNumber number in numbers.ListAsync(business, cancellationToken))
        {
            if (number.Number.Equals(phone))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>Removes a number that never was registered, and whose id nobody was told.</summary>
    private async Task RemoveAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        await preKeys.RemoveAsync(number.Id, cancellationToken);
        await numbers.RemoveAsync(number.Business, number.Id, cancellationToken);
    }

    internal static BusinessNumber Create(BusinessId business, PhoneNumberId id, PhoneNumber phone, string name) => new()
    {
        Business = business,
        Id = id,
        Number = phone,
        VerifiedName = name,
        Identity = IdentityKeyPair.Generate(),
        RegistrationId = (uint)RandomNumberGenerator.GetInt32(1, 16_381),
        PushSecret = SecretBytes.Random(32),
        Credential = null,
    };

    private async Task<Result<RegisterNumberResponse, GraphError>> PublishAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        using PreKeyBatch batch = await keepPreKeys.LoadAllAsync(number.Business, number.Id, number.Identity, cancellationToken);
        DeviceKeys keys = batch.ToDeviceKeys(number.Identity, number.RegistrationId);
        TransportResult<DeviceCredential> registered = await transport.RegisterBusinessNumberAsync(
            addresses.Registrar, number.Number, keys, addresses.PushUrl(number.Business, number.Id), number.PushSecret, number.Business.Value, cancellationToken);
        if (!registered.IsSuccess)
        {
            // Of an attempt that was cut short nothing may stay either, but only where another has the number: refused for any other reason,
            // it may be registered since then, with an identity key that lies here and nowhere else.
            if (number.Credential is null && registered.Failure.Code == TransportErrorCode.NumberTaken)
            {
                await RemoveAsync(number, cancellationToken);
            }

            return registered.Failure.Code == TransportErrorCode.NumberTaken
                ? GraphErrorCode.ParameterInvalid.Because("phone_number is registered already, by another business.")
                : GraphErrorCode.NumberRegistrationFault.Because("The transport refused to register the number.");
        }

        await keepPreKeys.NoteAllPublishedAsync(number.Id, cancellationToken);
        if (!await numbers.SetCredentialAsync(number.With(registered.Value), cancellationToken))
        {
            return GraphErrorCode.NumberRegistrationFault.Because("The number was removed while it was registered.");
        }

        accounts.Forget(number.Business, number.Id);
        return new RegisterNumberResponse(number.Id.Value, number.Number.E164);
    }
}

/// <summary>Where the relay is reached by the transport, and what it proves itself to the transport with.</summary>
/// <param name="PublicBase">The relay's own address, absolute.</param>
/// <param name="Registrar">Signs with the key that registers business numbers, and opens nothing else.</param>
public sealed record RelayAddresses(Uri PublicBase, RoleSigner Registrar)
{
    /// <summary>The path of pushes for a number, without a leading slash.</summary>
    public static string PushPath(BusinessId business, PhoneNumberId number) => $"relay/v1/transport/{business}/{number}/envelopes";

    internal Uri PushUrl(BusinessId business, PhoneNumberId number) =>
        new(PublicBase.AbsoluteUri.TrimEnd('/') + "/" + PushPath(business, number));

    public override string ToString() => PublicBase.AbsoluteUri;
}
