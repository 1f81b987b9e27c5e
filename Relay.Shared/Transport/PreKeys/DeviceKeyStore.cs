using Relay.Shared.Storage;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>
/// Row <c>K</c> of table <c>devicekeys</c>, a partition per device (number's hash and identity key): the identity, the signed
/// pre-key and the last-resort Kyber pre-key, which may be handed out any number of times. The stock lies beside it
/// (<see cref="OneTimeKeyStore"/>).
/// </summary>
public sealed class DeviceKeyStore(TransportStorage storage, OneTimeKeyStore stock)
{
    private const string KeysRow = "K";

    private const string RegistrationIdColumn = "registrationId";
    private const string IdentityColumn = "identity";
    private const string SignedIdColumn = "signedId";
    private const string SignedKeyColumn = "signedKey";
    private const string SignatureColumn = "signature";
    private const string KyberIdColumn = "kyberId";
    private const string KyberKeyColumn = "kyberKey";
    private const string KyberSignatureColumn = "kyberSignature";

    /// <summary>Makes these, and no others, the keys of the device. What was handed out before stays handed out.</summary>
    public async Task PublishAsync(string partition, DeviceKeys keys, CancellationToken cancellationToken)
    {
        await stock.ReplaceAsync(partition, [.. OneTimeKey.From(keys.OneTimePreKeys), .. OneTimeKey.From(keys.KyberPreKeys)], cancellationToken);
        Dictionary<string, object> columns = Columns(keys.SignedPreKey, keys.LastResortKyberPreKey);
        columns[RegistrationIdColumn] = (int)keys.RegistrationId;
        columns[IdentityColumn] = keys.IdentityKey;
        await CommitAsync(partition, TableWrite.Upsert(KeysRow, columns), cancellationToken);
    }

    public async Task<PublishedKeys?> FindAsync(string partition, CancellationToken cancellationToken)
    {
        if (await storage.Tables.GetAsync(TableNames.DeviceKeys, partition, KeysRow, cancellationToken) is not { } row)
        {
            return null;
        }

        byte[] kyber = row.Get<byte[]>(KyberKeyColumn, []);
        return new PublishedKeys(
            (uint)row.Get<int>(RegistrationIdColumn),
            row.Get<byte[]>(IdentityColumn),
            new SignedPreKeyUpload((uint)row.Get<int>(SignedIdColumn), row.Get<byte[]>(SignedKeyColumn), row.Get<byte[]>(SignatureColumn)),
            kyber.Length == 0 ? null : new KyberPreKeyUpload((uint)row.Get<int>(KyberIdColumn), kyber, row.Get<byte[]>(KyberSignatureColumn)));
    }

    /// <summary>Replaces what is given and keeps the other.</summary>
    public Task ReplaceAsync(string partition, SignedPreKeyUpload? signed, KyberPreKeyUpload? lastResort, CancellationToken cancellationToken) =>
        CommitAsync(partition, TableWrite.Merge(KeysRow, null, Columns(signed, lastResort)), cancellationToken);

    /// <summary>Removes everything of a device that no longer holds its number.</summary>
    public Task DeleteAsync(string partition, CancellationToken cancellationToken) =>
        storage.Tables.DeleteAsync(TableNames.DeviceKeys, TableRange.Partition(partition, int.MaxValue), cancellationToken);

    private static Dictionary<string, object> Columns(SignedPreKeyUpload? signed, KyberPreKeyUpload? lastResort)
    {
        Dictionary<string, object> columns = [];
        if (signed is not null)
        {
            columns[SignedIdColumn] = (int)signed.Id;
            columns[SignedKeyColumn] = signed.PublicKey;
            columns[SignatureColumn] = signed.Signature;
        }

        if (lastResort is not null)
        {
            columns[KyberIdColumn] = (int)lastResort.Id;
            columns[KyberKeyColumn] = lastResort.PublicKey;
            columns[KyberSignatureColumn] = lastResort.Signature;
        }

        return columns;
    }

    private Task<CommitResult> CommitAsync(string partition, TableWrite write, CancellationToken cancellationToken) =>
        storage.Tables.CommitAsync(TableNames.DeviceKeys, partition, [write], cancellationToken);
}
