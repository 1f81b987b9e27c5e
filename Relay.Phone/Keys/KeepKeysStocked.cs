using Relay.Phone.State;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Keys;

/// <summary>
/// Renews the signed pre-key each week and fills the transport's stock of one-time pre-keys when it falls below 20. A transport
/// that isn't there changes nothing: the same keys go out next time.
/// </summary>
internal sealed class KeepKeysStocked(PhoneStore store, TransportClient transport, TimeProvider time)
{
    internal const int LowStock = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private int _lastStock = -1;
    private long _lastRun;

    /// <summary>Looks when a key was used since it looked last, or an hour has passed.</summary>
    internal async Task ExecuteIfDueAsync(CancellationToken cancellationToken)
    {
        int stock = await store.ReadAsync(data => data.Keys.OneTime.Count, cancellationToken);
        if (stock == _lastStock && time.GetElapsedTime(_lastRun) < Interval)
        {
            return;
        }

        try
        {
            await ExecuteAsync(cancellationToken);
            _lastStock = await store.ReadAsync(data => data.Keys.OneTime.Count, cancellationToken);
            _lastRun = time.GetTimestamp();
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            // Next time.
        }
    }

    private async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        DeviceCredential credential = await store.ReadAsync(data => data.ToCredential(), cancellationToken);
        UploadKeysRequest? pending = await store.ReadAsync(data => data.Keys.Unpublished(), cancellationToken);
        if (pending is null)
        {
            KeyCountResponse stock = TransportRefusal.Require(await transport.CountKeysAsync(credential, cancellationToken));
            pending = await RenewAsync(stock.OneTimePreKeys, cancellationToken);
        }

        if (pending is not null)
        {
            _ = TransportRefusal.Require(await transport.UploadKeysAsync(credential, pending, cancellationToken));
            await store.ChangeAsync(data => Mark(data, pending), cancellationToken);
        }
    }

    private async Task<UploadKeysRequest?> RenewAsync(int published, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool isSignedDue = await store.ReadAsync(data => data.Keys.IsSignedDue(now), cancellationToken);
        if (!isSignedDue && published >= LowStock)
        {
            return null;
        }

        return await store.ChangeAsync(
            data =>
            {
                if (isSignedDue)
                {
                    data.Keys.Rotate(data.Identity, now);
                }

                data.Keys.Add(published < LowStock ? KeyStock.FullStock - published : 0);
                return data.Keys.Unpublished();
            },
            cancellationToken);
    }

    private static bool Mark(PhoneData data, UploadKeysRequest published)
    {
        data.Keys.MarkPublished(published);
        return true;
    }
}
