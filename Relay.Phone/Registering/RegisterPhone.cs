using System.Security.Cryptography;
using Relay.Phone.Keys;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Registering;

/// <summary>
/// Proves a number with a verification code and publishes fresh keys. A crash before the state is saved leaves nothing behind:
/// registering again ends the credential that was lost.
/// </summary>
internal sealed class RegisterPhone(PhoneStore store, TransportClient transport, KeySupply supply, TimeProvider time)
{
    private const int MaxRegistrationId = 16380;

    internal async Task ExecuteAsync(PhoneNumber number, AskForCode askForCode, CancellationToken cancellationToken)
    {
        if (!await store.IsEmptyAsync(cancellationToken))
        {
            throw PhoneStore.AlreadyRegistered();
        }

        StartRegistrationResponse started = TransportRefusal.Require(await transport.StartRegistrationAsync(number, cancellationToken));
        Secret code = await askForCode(started.RegistrationId, cancellationToken);
        IdentityKeyPair identity = IdentityKeyPair.Generate();
        KeyStock keys = KeyStock.Create(identity, supply, time.GetUtcNow());
        uint registrationId = (uint)RandomNumberGenerator.GetInt32(1, MaxRegistrationId + 1);
        DeviceCredential credential = TransportRefusal.Require(await transport.VerifyRegistrationAsync(
            started.RegistrationId, number, code, Publish(identity, keys, registrationId), cancellationToken));

        await store.StartAsync(
            new PhoneData
            {
                Number = number,
                Credential = credential.Secret,
                RegistrationId = registrationId,
                Identity = identity,
                Keys = keys,
            },
            cancellationToken);
    }

    private static DeviceKeys Publish(IdentityKeyPair identity, KeyStock keys, uint registrationId)
    {
        UploadKeysRequest unpublished = keys.Unpublished() ?? new UploadKeysRequest();
        keys.MarkPublished(unpublished);
        return new DeviceKeys
        {
            RegistrationId = registrationId,
            IdentityKey = identity.PublicKey.ToBytes(),
            SignedPreKey = keys.Signed[^1].ToUpload(),
            OneTimePreKeys = unpublished.OneTimePreKeys,
            LastResortKyberPreKey = unpublished.LastResortKyberPreKey,
            KyberPreKeys = unpublished.KyberPreKeys,
        };
    }
}
