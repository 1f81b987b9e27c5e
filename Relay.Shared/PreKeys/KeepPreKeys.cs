using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.PreKeys;

/// <summary>
/// Keeps a business number's pre-keys in stock and fresh: one-time keys are added when few are left, the signed and the last-resort
/// key are replaced every 7 days and kept 30 more. May run twice, at once, or die anywhere: keys are durable before they are
/// published, and published again as they are until the transport has answered.
/// </summary>
public sealed class KeepPreKeys(PreKeyStore store, MakePreKeys makePreKeys, TransportClient transport, TimeProvider time)
{
    internal const int LowOneTimeStock = 20;
    internal const int LowKyberStock = 10;

    internal static readonly TimeSpan RetiredLife = TimeSpan.FromDays(30);

    /// <summary>One-time keys kept of each kind. Beyond it the oldest go: whoever took them never wrote.</summary>
    private const int MaxOneTime = 400;

    /// <exception cref="HttpRequestException">The transport isn't there, or refuses for now.</exception>
    public async Task ExecuteAsync(
        BusinessId business, PhoneNumberId number, IdentityKeyPair identity, DeviceCredential credential, CancellationToken cancellationToken)
    {
        KeyCountResponse stock = Require(await transport.CountKeysAsync(credential, cancellationToken));
        PreKeyState state = await store.LoadStateAsync(number, cancellationToken);
        bool isDue = makePreKeys.IsDue(state);

        // Keys that are made and not known to be published go out before any more are made.
        bool hasUnpublished = state.PublishedId + 1 < state.NextId;
        int oneTime = hasUnpublished || stock.OneTimePreKeys >= LowOneTimeStock ? 0 : MakePreKeys.OneTimeStock - stock.OneTimePreKeys;
        int kyber = hasUnpublished || stock.KyberPreKeys >= LowKyberStock ? 0 : MakePreKeys.KyberStock - stock.KyberPreKeys;
        if (isDue || oneTime + kyber > 0)
        {
            if (!await makePreKeys.AddAsync(business, number, identity, state, oneTime, kyber, cancellationToken))
            {
                // Another run makes them.
                return;
            }

            state = await store.LoadStateAsync(number, cancellationToken);
        }

        await PublishAsync(business, number, credential, state, stock, cancellationToken);
        if (isDue)
        {
            await store.DeleteRetiredAsync(number, time.GetUtcNow() - RetiredLife, MaxOneTime, cancellationToken);
        }
    }

    /// <summary>The keys of a number that is (again) about to be registered, made if there are none. They count as published afterwards.</summary>
    internal async Task<PreKeyBatch> LoadAllAsync(BusinessId business, PhoneNumberId number, IdentityKeyPair identity, CancellationToken cancellationToken)
    {
        PreKeyState state = await store.LoadStateAsync(number, cancellationToken);
        if (state.ETag is null)
        {
            await makePreKeys.AddAsync(business, number, identity, state, MakePreKeys.OneTimeStock, MakePreKeys.KyberStock, cancellationToken);
            state = await store.LoadStateAsync(number, cancellationToken);
        }

        return await store.LoadAsync(
            business, number, state, 0, TransportLimits.MaxPreKeysPerUpload, TransportLimits.MaxKyberPreKeysPerUpload, cancellationToken);
    }

    /// <summary>Says that all keys of a number are with the transport.</summary>
    internal async Task NoteAllPublishedAsync(PhoneNumberId number, CancellationToken cancellationToken)
    {
        PreKeyState state = await store.LoadStateAsync(number, cancellationToken);
        await store.NotePublishedAsync(number, state, state.NextId - 1, cancellationToken);
    }

    private async Task PublishAsync(
        BusinessId business, PhoneNumberId number, DeviceCredential credential, PreKeyState state, KeyCountResponse stock, CancellationToken cancellationToken)
    {
        bool isCurrent = stock.SignedPreKeyId == state.SignedId && stock.LastResortKyberPreKeyId == state.LastResortId;
        bool hasUnpublished = state.PublishedId + 1 < state.NextId;
        if (isCurrent && !hasUnpublished)
        {
            return;
        }

        using PreKeyBatch batch = await store.LoadAsync(
            business, number, state, state.PublishedId, TransportLimits.MaxPreKeysPerUpload, TransportLimits.MaxKyberPreKeysPerUpload, cancellationToken);
        _ = Require(await transport.UploadKeysAsync(credential, batch.ToUpload(), cancellationToken));
        if (hasUnpublished)
        {
            await store.NotePublishedAsync(number, state, state.NextId - 1, cancellationToken);
        }
    }

    private static KeyCountResponse Require(TransportResult<KeyCountResponse> result) =>
        result.IsSuccess ? result.Value : throw new HttpRequestException("The transport refuses for now.");
}
