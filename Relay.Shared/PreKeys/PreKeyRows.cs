using System.Globalization;
using System.Security.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Storage;

namespace Relay.Shared.PreKeys;

/// <summary>
/// The key rows of table <c>prekeys</c>: <c>signed:</c>, <c>onetime:</c> or <c>kyber:</c> and the id in 8 digits. Column <c>sealed</c>
/// under the business's long-lived key is
/// <code>
/// signed = private (32) | signature (64)      onetime = private (32)      kyber = seed (64) | signature (64)
/// </code>
/// Clear: <c>last</c> on a last-resort key, and <c>retired</c>, the time at which a successor took the place of a signed or
/// last-resort key.
/// </summary>
internal sealed class PreKeyRows(Sealer sealer)
{
    internal const string SignedPrefix = "signed:";
    internal const string OneTimePrefix = "onetime:";
    internal const string KyberPrefix = "kyber:";
    internal const string LastColumn = "last";
    internal const string RetiredColumn = "retired";

    private const string SealedColumn = "sealed";
    private const int PrivateSize = 32;
    private const int SeedSize = 64;

    internal static string Row(string prefix, uint id) => prefix + id.ToString("D8", CultureInfo.InvariantCulture);

    internal static uint IdOf(TableRow row) => uint.Parse(row.RowKey.AsSpan(row.RowKey.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    internal static TableWrite Retire(string row, DateTimeOffset now) =>
        TableWrite.Merge(row, null, new Dictionary<string, object> { [RetiredColumn] = now });

    internal Task<TableWrite> InsertAsync(BusinessId business, PhoneNumberId number, SignedPreKeyPair pair, CancellationToken cancellationToken)
    {
        byte[] plain = new byte[PrivateSize + pair.Signature.Length];
        pair.KeyPair.ExportPrivate(plain.AsSpan(0, PrivateSize));
        pair.Signature.CopyTo(plain.AsSpan(PrivateSize));
        return InsertAsync(business, number, Row(SignedPrefix, pair.Id), plain, false, cancellationToken);
    }

    internal Task<TableWrite> InsertAsync(BusinessId business, PhoneNumberId number, PreKeyPair pair, CancellationToken cancellationToken)
    {
        byte[] plain = new byte[PrivateSize];
        pair.KeyPair.ExportPrivate(plain);
        return InsertAsync(business, number, Row(OneTimePrefix, pair.Id), plain, false, cancellationToken);
    }

    internal Task<TableWrite> InsertAsync(
        BusinessId business, PhoneNumberId number, KyberPreKeyPair pair, bool isLastResort, CancellationToken cancellationToken)
    {
        byte[] plain = new byte[SeedSize + pair.Signature.Length];
        pair.KeyPair.ExportSeed(plain.AsSpan(0, SeedSize));
        pair.Signature.CopyTo(plain.AsSpan(SeedSize));
        return InsertAsync(business, number, Row(KyberPrefix, pair.Id), plain, isLastResort, cancellationToken);
    }

    internal async Task<SignedPreKeyPair> ReadSignedAsync(BusinessId business, PhoneNumberId number, TableRow row, CancellationToken cancellationToken)
    {
        byte[] plain = await OpenAsync(business, number, row, cancellationToken);
        SignedPreKeyPair pair = new(IdOf(row), KeyPair.Import(plain.AsSpan(0, PrivateSize)), plain.AsSpan(PrivateSize));
        CryptographicOperations.ZeroMemory(plain);
        return pair;
    }

    internal async Task<PreKeyPair> ReadOneTimeAsync(BusinessId business, PhoneNumberId number, TableRow row, CancellationToken cancellationToken)
    {
        byte[] plain = await OpenAsync(business, number, row, cancellationToken);
        PreKeyPair pair = new(IdOf(row), KeyPair.Import(plain));
        CryptographicOperations.ZeroMemory(plain);
        return pair;
    }

    internal async Task<KyberPreKeyPair> ReadKyberAsync(BusinessId business, PhoneNumberId number, TableRow row, CancellationToken cancellationToken)
    {
        byte[] plain = await OpenAsync(business, number, row, cancellationToken);
        KyberPreKeyPair pair = new(IdOf(row), KyberKeyPair.Import(plain.AsSpan(0, SeedSize)), plain.AsSpan(SeedSize));
        CryptographicOperations.ZeroMemory(plain);
        return pair;
    }

    private static SealedPlace Place(PhoneNumberId number, string row) => new(TableNames.PreKeys, number.Value, row, SealedColumn);

    private async Task<TableWrite> InsertAsync(
        BusinessId business, PhoneNumberId number, string row, byte[] plain, bool isLastResort, CancellationToken cancellationToken)
    {
        byte[] blob = await sealer.SealLongLivedAsync(business.Value, Place(number, row), plain, cancellationToken);
        CryptographicOperations.ZeroMemory(plain);
        Dictionary<string, object> columns = new() { [SealedColumn] = blob };
        if (isLastResort)
        {
            columns[LastColumn] = true;
        }

        return TableWrite.Insert(row, columns);
    }

    private async Task<byte[]> OpenAsync(BusinessId business, PhoneNumberId number, TableRow row, CancellationToken cancellationToken) =>
        await sealer.OpenAsync(business.Value, Place(number, row.RowKey), row.Get<byte[]>(SealedColumn), cancellationToken) ?? throw new SealBrokenException();
}
