using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>
/// Seals what is about to be stored and opens what was. Nothing is ever written unsealed because a key can't be had: that is an
/// exception. One instance per storage account and region.
/// </summary>
public sealed class Sealer(KeyRing keys, string region)
{
    internal const string LongLivedKey = "store";

    /// <summary>A place whose encoding can't be longer than this needs no array.</summary>
    private const int UsualPlace = 1024;

    /// <summary>Seals under the tenant's key of <paramref name="day"/>: unreadable once that day is 30 days past.</summary>
    public async ValueTask<byte[]> SealAsync(
        string tenant, UtcDay day, SealedPlace place, ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken)
    {
        using KeyLease key = await keys.DayKeyAsync(tenant, day, cancellationToken);
        return Seal(key, day.Number, tenant, place, plaintext.Span);
    }

    /// <summary>The same into <paramref name="blob"/>, which is longer than the plaintext by <see cref="SealedBlob.Overhead"/>.</summary>
    internal async ValueTask SealAsync(
        string tenant, UtcDay day, SealedPlace place, ReadOnlyMemory<byte> plaintext, Memory<byte> blob, CancellationToken cancellationToken)
    {
        using KeyLease key = await keys.DayKeyAsync(tenant, day, cancellationToken);
        SealedBlob.Seal(key.Reveal(), day.Number, place.Encode(region, tenant), plaintext.Span, blob.Span);
    }

    /// <summary>Seals what outlives messages (identity keys, pre-keys, webhook secrets) under the tenant's long-lived key.</summary>
    public async ValueTask<byte[]> SealLongLivedAsync(
        string tenant, SealedPlace place, ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken)
    {
        using KeyLease key = await keys.NamedKeyAsync(tenant, LongLivedKey, cancellationToken);
        return Seal(key, 0, tenant, place, plaintext.Span);
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
        return key is { } lease ? Open(lease, tenant, place, blob.Span) ?? throw new SealBrokenException() : null;
    }

    /// <summary>The same into <paramref name="plaintext"/>, which is shorter than the blob by <see cref="SealedBlob.Overhead"/>; false when its day's key was destroyed.</summary>
    /// <exception cref="SealBrokenException">The blob was forged, moved, damaged or written by a newer version.</exception>
    internal async ValueTask<bool> OpenAsync(
        string tenant, SealedPlace place, ReadOnlyMemory<byte> blob, Memory<byte> plaintext, CancellationToken cancellationToken)
    {
        if (!SealedBlob.TryReadDay(blob.Span, out UtcDay? day) || day is not { } of)
        {
            throw new SealBrokenException();
        }

        using KeyLease? key = await keys.FindDayKeyAsync(tenant, of, cancellationToken);
        if (key is not { } lease)
        {
            return false;
        }

        return SealedBlob.TryOpen(lease.Reveal(), place.Encode(region, tenant), blob.Span, plaintext.Span) ? true : throw new SealBrokenException();
    }

    private byte[] Seal(KeyLease key, uint day, string tenant, SealedPlace place, ReadOnlySpan<byte> plaintext)
    {
        int most = place.MaxLength(region, tenant);
        Span<byte> encoded = most <= UsualPlace ? stackalloc byte[most] : new byte[most];
        return SealedBlob.Seal(key.Reveal(), day, encoded[..place.Encode(region, tenant, encoded)], plaintext);
    }

    private byte[]? Open(KeyLease key, string tenant, SealedPlace place, ReadOnlySpan<byte> blob)
    {
        int most = place.MaxLength(region, tenant);
        Span<byte> encoded = most <= UsualPlace ? stackalloc byte[most] : new byte[most];
        return SealedBlob.Open(key.Reveal(), encoded[..place.Encode(region, tenant, encoded)], blob);
    }
}
