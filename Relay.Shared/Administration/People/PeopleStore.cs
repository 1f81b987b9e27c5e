// Partition "all": a row for each person, and H, whose ETag every change is bound to, so that changes come one after another.
using System.Text;
using Relay.Shared.Accounts;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Administration.People;

/// <summary>Table <c>people</c> in the manager's own account: who may use the admin API and as what. Names are sealed under the operator's long-lived key.</summary>
public sealed class PeopleStore(ITableStore tables, Sealer sealer)
{
    /// <summary>More than any operator has; all of them are read to change one.</summary>
    internal const int MaxPeople = 1_000;

    private const string Partition = "all";
    private const string HeadRow = "H";
    private const string ChangesColumn = "changes";
    private const string RightsColumn = "rights";
    private const string NameColumn = "name";
    private const string AppColumn = "app";
    private const string HashColumn = "hash";
    private const string AddedColumn = "added";

    public async Task<Person?> FindAsync(PersonId id, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.People, Partition, id.Value, cancellationToken) is { } row ? await ReadAsync(id, row, cancellationToken) : null;

    /// <summary>Everybody, by id, and what the next change is bound to.</summary>
    internal async Task<(IReadOnlyList<Person> People, PeopleHead? Head)> ListAsync(CancellationToken cancellationToken)
    {
        // The head first: what changes later makes the change that is bound to it fail.
        TableRow? head = await tables.GetAsync(TableNames.People, Partition, HeadRow, cancellationToken);
        List<Person> people = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.People, TableRange.Partition(Partition, MaxPeople + 1), cancellationToken))
        {
            if (PersonId.TryParse(row.RowKey, out PersonId id))
            {
                people.Add(await ReadAsync(id, row, cancellationToken));
            }
        }

        return (people, head is null ? null : new PeopleHead(head.Get<long>(ChangesColumn), head.ETag));
    }

    /// <summary>The hash of each key's secret, by whom it stands for.</summary>
    internal async Task<IReadOnlyDictionary<PersonId, byte[]>> ListKeysAsync(CancellationToken cancellationToken)
    {
        Dictionary<PersonId, byte[]> keys = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.People, TableRange.Partition(Partition, MaxPeople + 1), cancellationToken))
        {
            if (PersonId.TryParse(row.RowKey, out PersonId id) && row.Get<byte[]>(HashColumn, []) is { Length: > 0 } hash)
            {
                keys[id] = hash;
            }
        }

        return keys;
    }

    /// <summary>False when somebody else changed something since the head was read.</summary>
    internal async Task<bool> TryPutAsync(PeopleHead? head, Person person, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = new()
        {
            [RightsColumn] = RightsText.Write(person.Rights),
            [AppColumn] = person.IsApp,
            [AddedColumn] = person.Added.ToUnixTimeMilliseconds(),
        };
        if (person.KeyHash is { } hash)
        {
            columns[HashColumn] = hash;
        }

        if (person.Name.Reveal() is { Length: > 0 } name)
        {
            columns[NameColumn] = await sealer.SealLongLivedAsync(OperatorTenant.Id.Value, Place(person.Id), Encoding.UTF8.GetBytes(name), cancellationToken);
        }

        return await CommitAsync(head, TableWrite.Upsert(person.Id.Value, columns), cancellationToken);
    }

    /// <summary>False when somebody else changed something since the head was read.</summary>
    internal Task<bool> TryRemoveAsync(PeopleHead? head, PersonId id, CancellationToken cancellationToken) =>
        CommitAsync(head, TableWrite.Delete(id.Value, null), cancellationToken);

    private async Task<bool> CommitAsync(PeopleHead? head, TableWrite write, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = new() { [ChangesColumn] = (head?.Changes ?? 0) + 1 };
        TableWrite guard = head is null ? TableWrite.Insert(HeadRow, columns) : TableWrite.Replace(HeadRow, head.ETag, columns);
        return (await tables.CommitAsync(TableNames.People, Partition, [guard, write], cancellationToken)).IsSaved;
    }

    private async Task<Person> ReadAsync(PersonId id, TableRow row, CancellationToken cancellationToken)
    {
        byte[]? name = row.Get<byte[]>(NameColumn, []) is { Length: > 0 } blob
            ? await sealer.OpenAsync(OperatorTenant.Id.Value, Place(id), blob, cancellationToken) ?? throw new SealBrokenException()
            : null;
        return new Person
        {
            Id = id,
            Name = new Sensitive<string>(name is null ? string.Empty : Encoding.UTF8.GetString(name)),
            Rights = RightsText.Read(row.Get<string>(RightsColumn)),
            IsApp = row.Get(AppColumn, false),
            KeyHash = row.Get<byte[]>(HashColumn, []) is { Length: > 0 } hash ? hash : null,
            Added = DateTimeOffset.FromUnixTimeMilliseconds(row.Get<long>(AddedColumn)),
        };
    }

    private static SealedPlace Place(PersonId id) => new(TableNames.People, Partition, id.Value, NameColumn);
}

/// <param name="Changes">How many there have been.</param>
/// <param name="ETag">Guards the next.</param>
internal sealed record PeopleHead(long Changes, string ETag);
