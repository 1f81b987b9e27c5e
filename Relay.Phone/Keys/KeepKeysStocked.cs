using Relay.Phone.State;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Keys;

/// <summary>
/// Renews the signed and the last-resort pre-key each week and fills the transport's stock of one-time pre-keys when it falls below 20
/// (10 of Kyber's). A transport that isn't there changes nothing: the same keys go out next time.
/// </summary>
internal sealed class KeepKeysStocked(PhoneStore store, TransportClient transport, KeySupply supply, TimeProvider time)
{
    internal const int LowStock = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private int _lastStock = -1;
    private long _lastRun;

    /// <summary>Looks when a key was used since it looked last, or an hour has passed.</summary>
    internal async Task ExecuteIfDueAsync(CancellationToken cancellationToken)
    {
        int stock = await store.ReadAsync(CountOneTime, cancellationToken);
        if (stock == _lastStock && time.GetElapsedTime(_lastRun) < Interval)
        {
            return;
        }

        try
        {
            await ExecuteAsync(cancellationToken);
            _lastStock = await store.ReadAsync(CountOneTime, cancellationToken);
            _lastRun = time.GetTimestamp();
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            // Next time.
        }
    }

    private static int CountOneTime(PhoneData data) => data.Keys.OneTime.Count + data.Keys.Kyber.OneTime.Count;

    private async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        DeviceCredential credential = await store.ReadAsync(data => data.ToCredential(), cancellationToken);

        // Keys that are made and not known to be published go out before any more are made.
        KeyCountResponse stock = await store.ReadAsync(data => data.Keys.Unpublished(), cancellationToken) is { } pending
            ? await PublishAsync(credential, pending, cancellationToken)
            : TransportRefusal.Require(await transport.CountKeysAsync(credential, cancellationToken));
        if (await RenewAsync(stock, cancellationToken) is { } renewed)
        {
            await PublishAsync(credential, renewed, cancellationToken);
        }
    }

    private async Task<KeyCountResponse> PublishAsync(DeviceCredential credential, UploadKeysRequest keys, CancellationToken cancellationToken)
    {
        KeyCountResponse stock = TransportRefusal.Require(await transport.UploadKeysAsync(credential, keys, cancellationToken));
        await store.ChangeAsync(data => Mark(data, keys), cancellationToken);
        return stock;
    }

    private async Task<UploadKeysRequest?> RenewAsync(KeyCountResponse stock, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool isDue = await store.ReadAsync(data => data.Keys.IsDue(now) || !data.Keys.Has(stock), cancellationToken);
        return isDue || stock.OneTimePreKeys < supply.LowOneTime || stock.KyberPreKeys < supply.LowKyber
            ? await store.ChangeAsync(data => Renew(data, stock, now), cancellationToken)
            : null;
    }

    private UploadKeysRequest? Renew(PhoneData data, KeyCountResponse stock, DateTimeOffset now)
    {
        if (data.Keys.IsDue(now))
        {
            data.Keys.Rotate(data.Identity, now);
        }

        data.Keys.Unpublish(stock);
        data.Keys.Add(stock.OneTimePreKeys < supply.LowOneTime ? supply.OneTime - stock.OneTimePreKeys : 0);
        data.Keys.Kyber.Add(data.Identity, stock.KyberPreKeys < supply.LowKyber ? supply.Kyber - stock.KyberPreKeys : 0);
        return data.Keys.Unpublished();
    }

    private static bool Mark(PhoneData data, UploadKeysRequest published)
    {
        data.Keys.MarkPublished(published);
        return true;
    }
}
