using System.Security.Cryptography;
using Relay.Privacy.Story;
using Relay.Shared.Azure;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;

namespace Relay.Privacy.Forging;

/// <summary>
/// Rows of <c>dek</c> that somebody who can write the table, and may wrap with the public key of a month as anybody may, would like Relay to use.
/// </summary>
internal sealed class ForgedKeys(Account account)
{
    private const string Key = "key";
    private const string Kek = "kek";
    private const string Signature = "sig";
    private const string SignatureKey = "sigkey";
    private const string Name = "store";

    /// <summary>A key of the forger's own: wrapped for this month, signed with a key of the forger's own.</summary>
    public async Task<Dictionary<string, object>> PlantedAsync(string tenant, UtcDay day, CancellationToken cancellationToken)
    {
        WrappedKey wrapped = await account.Vault.WrapAsync(tenant, day, RandomNumberGenerator.GetBytes(SealedBlob.KeySize), cancellationToken);
        KeySignature own = await new LocalKeyWrapper(LocalKeyFile.InMemory()).SignAsync(wrapped.Bytes, cancellationToken);
        return new Dictionary<string, object> { [Key] = wrapped.Bytes, [Kek] = wrapped.KekId, [Signature] = own.Bytes, [SignatureKey] = own.KeyId };
    }

    /// <summary>
    /// The forgeries that a fresh process would use. None is right.
    /// </summary>
    /// <param name="tenant">Into whose partition they are put.</param>
    /// <param name="other">A second tenant, whose rows are genuine.</param>
    /// <param name="now">Relay's clock.</param>
    /// <param name="dead">A genuine row of a day that is past its days, as it was copied while it lived.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<string>> FindUsedAsync(string tenant, string other, TimeProvider now, TableRow dead, CancellationToken cancellationToken)
    {
        UtcDay today = UtcDay.Today(now);
        Dictionary<string, object> genuine = await ColumnsAsync(tenant, Name, cancellationToken);
        Dictionary<string, object> foreign = await ColumnsAsync(other, Name, cancellationToken);
        Dictionary<string, object> planted = await PlantedAsync(tenant, today, cancellationToken);
        List<(string Forgery, string Row, Dictionary<string, object> Columns)> forgeries =
        [
            ("planted day", today.Key, planted),
            ("planted name", Name, planted),
            ("unsigned day", today.Key, Without(planted, Signature, SignatureKey)),
            ("unsigned name", Name, Without(genuine, Signature, SignatureKey)),
            ("empty signature", Name, new(genuine) { [Signature] = Array.Empty<byte>() }),
            ("another wrapped key", Name, new(genuine) { [Key] = planted[Key], [Kek] = planted[Kek] }),
            ("another tenant's", Name, foreign),
            ("another name's", today.Key, genuine),
            ("another day's", today.Key, new(dead.Columns)),
            ("replayed after its days", dead.RowKey, new(dead.Columns)),
        ];
        List<string> used = [];
        foreach ((string forgery, string row, Dictionary<string, object> columns) in forgeries)
        {
            if (!await IsRefusedAsync(tenant, row, columns, now, cancellationToken))
            {
                used.Add(forgery);
            }
        }

        return used;
    }

    private async Task<bool> IsRefusedAsync(string tenant, string row, Dictionary<string, object> columns, TimeProvider now, CancellationToken cancellationToken)
    {
        MemoryTableStore tables = new();
        await tables.EnsureTablesAsync([TableNames.Dek], cancellationToken);
        await tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Upsert(row, columns)], cancellationToken);
        KeyRing keys = new(tables, account.Vault, now);
        try
        {
            using KeyLease used = UtcDay.TryParse(row, out UtcDay day)
                ? await keys.DayKeyAsync(tenant, day, cancellationToken)
                : await keys.NamedKeyAsync(tenant, row, cancellationToken);
            return false;
        }
        catch (SealBrokenException)
        {
            return true;
        }
    }

    private async Task<Dictionary<string, object>> ColumnsAsync(string tenant, string row, CancellationToken cancellationToken) =>
        new((await account.Tables.GetAsync(TableNames.Dek, tenant, row, cancellationToken) ?? throw new StoryException("a tenant has no key")).Columns);

    private static Dictionary<string, object> Without(Dictionary<string, object> columns, params string[] names) =>
        columns.Where(column => !names.Contains(column.Key)).ToDictionary();
}
