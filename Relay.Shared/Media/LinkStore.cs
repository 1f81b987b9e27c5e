using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Media;

/// <summary>
/// The part of table <c>media</c> for linked files: which were fetched in the last ten minutes and where they wait for devices. RowKey <c>{minute}-{hash}</c>: the end of the ten
/// minutes after those in which it was fetched, and a keyed hash of kind and address, so nobody learns an address from a copy of the table.
/// </summary>
public sealed class LinkStore(ITableStore tables, Sealer sealer, KeyRing keys, TimeProvider time)
{
    private const int HashSize = 16;

    private static readonly TimeSpan Slot = MediaLimits.LinkLife;

    /// <summary>Names an address in rows and turns.</summary>
    internal async ValueTask<string> NameAsync(BusinessId business, MediaKind kind, Uri link, CancellationToken cancellationToken)
    {
        using KeyLease key = await keys.DerivedKeysAsync(business.Value, "ids", "relay media link", HMACSHA256.HashSizeInBytes, cancellationToken);
        byte[] hash = HMACSHA256.HashData(key.Reveal(), Encoding.UTF8.GetBytes($"{(int)kind} {link.AbsoluteUri}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, HashSize));
    }

    /// <summary>What was fetched at most ten minutes ago.</summary>
    internal async Task<DeviceFile?> FindAsync(BusinessId business, string name, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return await FindAsync(business, Row(now, name), now, cancellationToken) ?? await FindAsync(business, Row(now - Slot, name), now, cancellationToken);
    }

    internal async Task PutAsync(BusinessId business, string name, DeviceFile file, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        string row = Row(now, name);
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(file, MediaJson.Default.DeviceFile);
        byte[] blob = await sealer.SealAsync(business.Value, UtcDay.Of(now), Place(business, row), plain, cancellationToken);
        TableWrite write = TableWrite.Upsert(row, new Dictionary<string, object> { [MediaStore.DeviceColumn] = blob });
        await tables.CommitAsync(TableNames.Media, business.Value, [write], cancellationToken);
    }

    private async Task<DeviceFile?> FindAsync(BusinessId business, string row, DateTimeOffset now, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Media, business.Value, row, cancellationToken) is { } found
        && await sealer.OpenAsync(business.Value, Place(business, row), found.Get<byte[]>(MediaStore.DeviceColumn), cancellationToken) is { } plain
        && JsonSerializer.Deserialize(plain, MediaJson.Default.DeviceFile) is { } file
        && DateTimeOffset.FromUnixTimeSeconds(file.TakenAt) + Slot > now
            ? file
            : null;

    private static string Row(DateTimeOffset at, string name) => $"{MediaKey.Minute(new DateTimeOffset(at.UtcTicks - (at.UtcTicks % Slot.Ticks), TimeSpan.Zero) + (2 * Slot))}-{name}";

    private static SealedPlace Place(BusinessId business, string row) => new(TableNames.Media, business.Value, row, MediaStore.DeviceColumn);
}
