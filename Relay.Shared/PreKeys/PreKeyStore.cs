using System.Security.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Storage;

namespace Relay.Shared.PreKeys;

/// <summary>
/// Table <c>prekeys</c>, a partition per phone number id: the private halves of its pre-keys (<see cref="PreKeyRows"/>), row <c>state</c>, and
/// <c>used:{key id}:{hash of base key}</c> for each first message that used no one-time key. Promise: new keys are stored in one
/// transaction with the state that counts their ids, guarded by its ETag, so two writers never give one id to two keys.
/// </summary>
public sealed class PreKeyStore(ITableStore tables, Sealer sealer)
{
    private const string StateRow = "state";
    private const string SignedColumn = "signed";
    private const string LastResortColumn = "lastResort";
    private const string MadeColumn = "made";
    private const string NextColumn = "next";
    private const string PublishedColumn = "published";
    private const string UsedPrefix = "used:";
    private const string ArrivalColumn = "arrival";

    private readonly PreKeyRows _rows = new(sealer);

    public async Task<SignedPreKeyPair?> FindSignedAsync(BusinessId business, PhoneNumberId number, uint id, CancellationToken cancellationToken) =>
        await GetAsync(number, PreKeyRows.Row(PreKeyRows.SignedPrefix, id), cancellationToken) is { } row
            ? await _rows.ReadSignedAsync(business, number, row, cancellationToken)
            : null;

    /// <summary>Reads without using up: a one-time pre-key goes only after the session that it opened is durable.</summary>
    public async Task<PreKeyPair?> FindOneTimeAsync(BusinessId business, PhoneNumberId number, uint id, CancellationToken cancellationToken) =>
        await GetAsync(number, PreKeyRows.Row(PreKeyRows.OneTimePrefix, id), cancellationToken) is { } row
            ? await _rows.ReadOneTimeAsync(business, number, row, cancellationToken)
            : null;

    /// <summary>A Kyber pre-key, and whether it is a last-resort one, which outlives its use.</summary>
    public async Task<(KyberPreKeyPair Pair, bool IsLastResort)?> FindKyberAsync(
        BusinessId business, PhoneNumberId number, uint id, CancellationToken cancellationToken) =>
        await GetAsync(number, PreKeyRows.Row(PreKeyRows.KyberPrefix, id), cancellationToken) is { } row
            ? (await _rows.ReadKyberAsync(business, number, row, cancellationToken), row.Get(PreKeyRows.LastColumn, false))
            : null;

    /// <summary>Deletes used one-time pre-keys; a repeat changes nothing, and a last-resort key stays.</summary>
    public async Task DeleteUsedAsync(PhoneNumberId number, uint? oneTimeId, uint? kyberId, CancellationToken cancellationToken)
    {
        if (oneTimeId is { } oneTime)
        {
            await CommitAsync(number, [TableWrite.Delete(PreKeyRows.Row(PreKeyRows.OneTimePrefix, oneTime), null)], cancellationToken);
        }

        if (kyberId is { } kyber
            && await GetAsync(number, PreKeyRows.Row(PreKeyRows.KyberPrefix, kyber), cancellationToken) is { } row
            && !row.Get(PreKeyRows.LastColumn, false))
        {
            await CommitAsync(number, [TableWrite.Delete(row.RowKey, null)], cancellationToken);
        }
    }

    /// <summary>
    /// Notes that a first message used keys that outlive it, a last-resort or, without any Kyber key, a signed one. False when another arrival
    /// with the same base key did before: a repeat of that first message, unless that arrival is being worked on just now.
    /// </summary>
    /// <param name="number">Whose keys.</param>
    /// <param name="keyId">The last-resort key, or else the signed one.</param>
    /// <param name="baseKey">Drawn by the sender for this session alone.</param>
    /// <param name="arrival">The envelope and when it came: the same at each delivery of one queue message, and of no other.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<bool> NoteUseAsync(PhoneNumberId number, uint keyId, PublicKey baseKey, string arrival, CancellationToken cancellationToken)
    {
        string row = $"{PreKeyRows.Row(UsedPrefix, keyId)}:{Convert.ToHexStringLower(SHA256.HashData(baseKey.Serialized).AsSpan(0, 16))}";
        Dictionary<string, object> columns = new() { [ArrivalColumn] = arrival };
        return (await CommitAsync(number, [TableWrite.Insert(row, columns)], cancellationToken)).IsSaved
            || (await GetAsync(number, row, cancellationToken))?.Get<string>(ArrivalColumn) == arrival;
    }

    /// <summary>Deletes every pre-key of a number that isn't one of this relay after all.</summary>
    public Task RemoveAsync(PhoneNumberId number, CancellationToken cancellationToken) =>
        tables.DeleteAsync(TableNames.PreKeys, TableRange.Partition(number.Value, int.MaxValue), cancellationToken);

    internal async Task<PreKeyState> LoadStateAsync(PhoneNumberId number, CancellationToken cancellationToken) =>
        await GetAsync(number, StateRow, cancellationToken) is { } row
            ? new PreKeyState
            {
                ETag = row.ETag,
                SignedId = (uint)row.Get<int>(SignedColumn),
                LastResortId = (uint)row.Get<int>(LastResortColumn),
                Made = row.Get<DateTimeOffset>(MadeColumn),
                NextId = (uint)row.Get<int>(NextColumn),
                PublishedId = (uint)row.Get<int>(PublishedColumn),
            }
            : PreKeyState.None;

    /// <summary>
    /// Stores new keys with the state that knows them, and retires the signed and last-resort keys that they replace. At most 97 keys.
    /// False when another writer was first: nothing was written.
    /// </summary>
    internal async Task<bool> SaveAsync(
        BusinessId business, PhoneNumberId number, PreKeyState before, PreKeyState next, PreKeyBatch added, CancellationToken cancellationToken)
    {
        List<TableWrite> writes = [StateWrite(before.ETag, next)];
        if (added.Signed is { } signed)
        {
            writes.Add(await _rows.InsertAsync(business, number, signed, cancellationToken));
            Retire(PreKeyRows.SignedPrefix, before.SignedId);
        }

        if (added.LastResort is { } lastResort)
        {
            writes.Add(await _rows.InsertAsync(business, number, lastResort, true, cancellationToken));
            Retire(PreKeyRows.KyberPrefix, before.LastResortId);
        }

        foreach (PreKeyPair pair in added.OneTime)
        {
            writes.Add(await _rows.InsertAsync(business, number, pair, cancellationToken));
        }

        foreach (KyberPreKeyPair pair in added.Kyber)
        {
            writes.Add(await _rows.InsertAsync(business, number, pair, false, cancellationToken));
        }

        return (await CommitAsync(number, writes, cancellationToken)).IsSaved;

        void Retire(string prefix, uint id)
        {
            if (id != 0)
            {
                writes.Add(PreKeyRows.Retire(PreKeyRows.Row(prefix, id), next.Made));
            }
        }
    }

    /// <summary>The current signed and last-resort key, and the one-time keys above <paramref name="above"/>: of each kind the newest, as many as given.</summary>
    internal async Task<PreKeyBatch> LoadAsync(
        BusinessId business, PhoneNumberId number, PreKeyState state, uint above, int oneTime, int kyber, CancellationToken cancellationToken)
    {
        PreKeyBatch batch = new();
        batch.Signed = await FindSignedAsync(business, number, state.SignedId, cancellationToken);
        batch.LastResort = (await FindKyberAsync(business, number, state.LastResortId, cancellationToken))?.Pair;
        foreach (TableRow row in (await ListAsync(number, PreKeyRows.OneTimePrefix, above, cancellationToken)).TakeLast(oneTime))
        {
            batch.OneTime.Add(await _rows.ReadOneTimeAsync(business, number, row, cancellationToken));
        }

        IEnumerable<TableRow> kybers = (await ListAsync(number, PreKeyRows.KyberPrefix, above, cancellationToken)).Where(row => !row.Get(PreKeyRows.LastColumn, false));
        foreach (TableRow row in kybers.TakeLast(kyber))
        {
            batch.Kyber.Add(await _rows.ReadKyberAsync(business, number, row, cancellationToken));
        }

        return batch;
    }

    /// <summary>Notes how far one-time keys are published. Says nothing when another writer was first: then it is published again.</summary>
    internal Task NotePublishedAsync(PhoneNumberId number, PreKeyState state, uint through, CancellationToken cancellationToken) =>
        CommitAsync(number, [StateWrite(state.ETag, state with { PublishedId = through })], cancellationToken);

    /// <summary>
    /// Deletes signed and last-resort keys that were retired before <paramref name="time"/> with their notes of use, and of the one-time keys of each kind
    /// all but the newest <paramref name="kept"/>: their takers never wrote.
    /// </summary>
    internal async Task DeleteRetiredAsync(PhoneNumberId number, DateTimeOffset time, int kept, CancellationToken cancellationToken)
    {
        List<TableRow> signed = await ListAsync(number, PreKeyRows.SignedPrefix, 0, cancellationToken);
        List<TableRow> kyber = await ListAsync(number, PreKeyRows.KyberPrefix, 0, cancellationToken);
        List<TableRow> oneTime = await ListAsync(number, PreKeyRows.OneTimePrefix, 0, cancellationToken);
        List<TableRow> oneTimeKyber = [.. kyber.Where(row => !row.Get(PreKeyRows.LastColumn, false))];
        List<TableRow> dead =
        [
            .. signed.Concat(kyber).Where(row => row.Get(PreKeyRows.RetiredColumn, DateTimeOffset.MaxValue) < time),
            .. oneTime.SkipLast(kept),
            .. oneTimeKyber.SkipLast(kept),
        ];
        foreach (TableRow row in dead.Where(row => row.Get(PreKeyRows.RetiredColumn, DateTimeOffset.MaxValue) < time))
        {
            TableRange uses = TableRange.StartingWith(number.Value, PreKeyRows.Row(UsedPrefix, PreKeyRows.IdOf(row)) + ":", int.MaxValue);
            await tables.DeleteAsync(TableNames.PreKeys, uses, cancellationToken);
        }

        await tables.DeleteAsync(TableNames.PreKeys, number.Value, [.. dead.Select(row => TableWrite.Delete(row.RowKey, null))], cancellationToken);
    }

    private static TableWrite StateWrite(string? etag, PreKeyState state)
    {
        Dictionary<string, object> columns = new()
        {
            [SignedColumn] = (int)state.SignedId,
            [LastResortColumn] = (int)state.LastResortId,
            [MadeColumn] = state.Made,
            [NextColumn] = (int)state.NextId,
            [PublishedColumn] = (int)state.PublishedId,
        };
        return etag is null ? TableWrite.Insert(StateRow, columns) : TableWrite.Replace(StateRow, etag, columns);
    }

    private async Task<List<TableRow>> ListAsync(PhoneNumberId number, string prefix, uint above, CancellationToken cancellationToken)
    {
        List<TableRow> rows = [];
        TableRange range = TableRange.StartingWith(number.Value, prefix, int.MaxValue) with { FromRowKey = PreKeyRows.Row(prefix, above + 1) };
        await foreach (TableRow row in tables.QueryAsync(TableNames.PreKeys, range, cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    private Task<TableRow?> GetAsync(PhoneNumberId number, string row, CancellationToken cancellationToken) =>
        tables.GetAsync(TableNames.PreKeys, number.Value, row, cancellationToken);

    private Task<CommitResult> CommitAsync(PhoneNumberId number, List<TableWrite> writes, CancellationToken cancellationToken) =>
        tables.CommitAsync(TableNames.PreKeys, number.Value, writes, cancellationToken);
}
