using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>
/// Seals what is about to be stored and opens what was. Nothing is ever written unsealed because a key can't be had: that is an
/// exception. One instance per storage account and region.
/// </summary>
public sealed class Sealer(KeyRing keys, string region)
{
    private const string LongLivedKey = "store";

    /// <summary>Seals under the tenant's key of <paramref name="day"/>: unreadable once that day is 30 days past.</summary>
    public async ValueTask<byte[]> SealAsync(
        string tenant, UtcDay day, SealedPlace place, ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken)
    {
        using KeyLease key = await keys.DayKeyAsync(tenant, day, cancellationToken);
        return SealedBlob.Seal(key.Reveal(), day.Number, place.Encode(region, tenant), plaintext.Span);
    }

    /// <summary>Seals what outlives messages (identity keys, pre-keys, webhook secrets) under the tenant's long-lived key.</summary>
    public async ValueTask<byte[]> SealLongLivedAsync(
        string tenant, SealedPlace place, ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken)
    {
        using KeyLease key = await keys.NamedKeyAsync(tenant, LongLivedKey, cancellationToken);
        return SealedBlob.Seal(key.Reveal(), 0, place.Encode(region, tenant), plaintext.Span);
    }

    /// <summary>The plaintext, or null when its day's key was destroyed.</summary>
    /// <exception cref="SealBrokenException">The blob was forged, moved, damaged or written by a newer version.</exception>
    public async ValueTask<byte[]?> OpenAsync(string tenant, SealedPlace place, ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        if (!SealedBlob.TryReadDay(blob.Span, out UtcDay? day))
        {
            throw new SealBrokenException();
        }

        using KeyLease? key = day is { } of
            ? await keys.FindDayKeyAsync(tenant, of, cancellationToken)
            : await keys.NamedKeyAsync(tenant, LongLivedKey, cancellationToken);
        return key is not { } lease
            ? null
            : SealedBlob.Open(lease.Reveal(), place.Encode(region, tenant), blob.Span) ?? throw new SealBrokenException();
    }
}
