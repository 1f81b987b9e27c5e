using System.Globalization;
using System.Security.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Signal;
using Relay.Shared.Storage;

namespace Relay.Shared.PreKeys;

/// <summary>
/// Table <c>prekeys</c>: the private halves of a business number's pre-keys, sealed under the business's long-lived key.
/// PartitionKey the phone number id; RowKey <c>signed:</c> or <c>onetime:</c> and the id in 8 digits.
/// </summary>
public sealed class PreKeyStore(ITableStore tables, Sealer sealer)
{
    private const string SealedColumn = "sealed";
    private const int PrivateSize = 32;

    /// <summary>Inserts a number's signed pre-key and up to 99 one-time pre-keys together; false, and nothing written, when one of the ids is taken.</summary>
    public async Task<bool> AddAsync(
        BusinessId business, PhoneNumberId number, SignedPreKeyPair signed, IReadOnlyList<PreKeyPair> oneTime, CancellationToken cancellationToken)
    {
        List<TableWrite> writes = [await InsertAsync(business, number, SignedRow(signed.Id), [.. Private(signed.KeyPair), .. signed.Signature], cancellationToken)];
        foreach (PreKeyPair pair in oneTime)
        {
            writes.Add(await InsertAsync(business, number, OneTimeRow(pair.Id), Private(pair.KeyPair), cancellationToken));
        }

        return (await tables.CommitAsync(TableNames.PreKeys, number.Value, writes, cancellationToken)).IsSaved;
    }

    public async Task<SignedPreKeyPair?> FindSignedAsync(BusinessId business, PhoneNumberId number, uint id, CancellationToken cancellationToken)
    {
        byte[]? plain = await LoadAsync(business, number, SignedRow(id), cancellationToken);
        return plain is null ? null : new SignedPreKeyPair(id, KeyPair.Import(plain.AsSpan(0, PrivateSize)), plain.AsSpan(PrivateSize));
    }

    /// <summary>Reads without using up: a one-time pre-key goes only after the session that it opened is durable.</summary>
    public async Task<PreKeyPair?> FindOneTimeAsync(BusinessId business, PhoneNumberId number, uint id, CancellationToken cancellationToken)
    {
        byte[]? plain = await LoadAsync(business, number, OneTimeRow(id), cancellationToken);
        return plain is null ? null : new PreKeyPair(id, KeyPair.Import(plain));
    }

    /// <summary>Deletes a used one-time pre-key; a repeat changes nothing.</summary>
    public async Task DeleteOneTimeAsync(PhoneNumberId number, uint id, CancellationToken cancellationToken) =>
        await tables.CommitAsync(TableNames.PreKeys, number.Value, [TableWrite.Delete(OneTimeRow(id), null)], cancellationToken);

    /// <summary>Deletes every pre-key of a number that isn't one of this relay after all.</summary>
    public async Task RemoveAsync(PhoneNumberId number, CancellationToken cancellationToken)
    {
        await foreach (TableRow row in tables.QueryAsync(TableNames.PreKeys, TableRange.Partition(number.Value, int.MaxValue), cancellationToken))
        {
            await tables.CommitAsync(TableNames.PreKeys, number.Value, [TableWrite.Delete(row.RowKey, null)], cancellationToken);
        }
    }

    private static string SignedRow(uint id) => "signed:" + id.ToString("D8", CultureInfo.InvariantCulture);

    private static string OneTimeRow(uint id) => "onetime:" + id.ToString("D8", CultureInfo.InvariantCulture);

    private static SealedPlace Place(PhoneNumberId number, string row) => new(TableNames.PreKeys, number.Value, row, SealedColumn);

    private static byte[] Private(KeyPair pair)
    {
        byte[] key = new byte[PrivateSize];
        pair.ExportPrivate(key);
        return key;
    }

    private async Task<TableWrite> InsertAsync(BusinessId business, PhoneNumberId number, string row, byte[] plain, CancellationToken cancellationToken)
    {
        byte[] blob = await sealer.SealLongLivedAsync(business.Value, Place(number, row), plain, cancellationToken);
        CryptographicOperations.ZeroMemory(plain);
        return TableWrite.Insert(row, new Dictionary<string, object> { [SealedColumn] = blob });
    }

    private async Task<byte[]?> LoadAsync(BusinessId business, PhoneNumberId number, string rowKey, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.PreKeys, number.Value, rowKey, cancellationToken) is { } row
            ? await sealer.OpenAsync(business.Value, Place(number, rowKey), row.Get<byte[]>(SealedColumn), cancellationToken) ?? throw new SealBrokenException()
            : null;
}
