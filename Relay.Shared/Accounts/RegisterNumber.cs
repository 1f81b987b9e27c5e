using System.Security.Cryptography;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.PreKeys;
using Relay.Shared.Primitives;
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

        if (!PhoneNumber.TryParse(request.PhoneNumber, out PhoneNumber? phone))
        {
            return GraphErrorCode.ParameterInvalid.Because("phone_number must be in international form, 7 to 15 digits.");
        }

        if (request.VerifiedName is not { Length: > 0 and <= MaxName } name)
        {
            return GraphErrorCode.ParameterInvalid.Because($"verified_name must have 1 to {MaxName} characters.");
        }

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
        if (number.Credential is null && !published.TryGet(out _, out _))
        {
            // Refused, and it never was registered: nothing of it may stay, of an attempt that was cut short neither.
            await preKeys.RemoveAsync(number.Id, cancellationToken);
            await numbers.RemoveAsync(business, number.Id, cancellationToken);
        }

        return published;
    }

    /// <summary>The business's own number, also one whose registration was cut short before anybody was told its id.</summary>
    private async Task<BusinessNumber?> FindAsync(BusinessId business, PhoneNumber phone, CancellationToken cancellationToken)
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

    private static BusinessNumber Create(BusinessId business, PhoneNumberId id, PhoneNumber phone, string name) => new()
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
            addresses.OperatorKey, number.Number, keys, addresses.PushUrl(number.Business, number.Id), number.PushSecret, cancellationToken);
        if (!registered.IsSuccess)
        {
            return registered.Failure.Code == TransportErrorCode.NumberTaken
                ? GraphErrorCode.ParameterInvalid.Because("phone_number is registered already, by another business.")
                : GraphErrorCode.NumberRegistrationFault.Because("The transport refused to register the number.");
        }

        await keepPreKeys.NoteAllPublishedAsync(number.Id, cancellationToken);
        await numbers.SetCredentialAsync(number.With(registered.Value), cancellationToken);
        accounts.Forget(number.Business, number.Id);
        return new RegisterNumberResponse(number.Id.Value, number.Number.E164);
    }
}

/// <summary>Where the relay is reached by the transport, and what it proves itself to the transport with.</summary>
/// <param name="PublicBase">The relay's own address, absolute.</param>
/// <param name="OperatorKey">The transport's operator key.</param>
public sealed record RelayAddresses(Uri PublicBase, Secret OperatorKey)
{
    /// <summary>The path of pushes for a number, without a leading slash.</summary>
    public static string PushPath(BusinessId business, PhoneNumberId number) => $"relay/v1/transport/{business}/{number}/envelopes";

    internal Uri PushUrl(BusinessId business, PhoneNumberId number) =>
        new(PublicBase.AbsoluteUri.TrimEnd('/') + "/" + PushPath(business, number));

    public override string ToString() => PublicBase.AbsoluteUri;
}
