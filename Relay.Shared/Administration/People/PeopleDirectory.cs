using Relay.Shared.Primitives;

namespace Relay.Shared.Administration.People;

/// <summary>Leads to a person; remembers found ones for half a minute, which bounds how long a change goes unnoticed.</summary>
public sealed class PeopleDirectory(PeopleStore store, TimeProvider time)
{
    private static readonly TimeSpan CacheLife = TimeSpan.FromSeconds(30);

    private readonly ShortCache<PersonId, Person> _known = new(time, CacheLife, PeopleStore.MaxPeople);

    internal ValueTask<Person?> FindAsync(PersonId id, CancellationToken cancellationToken) =>
        _known.GetAsync(id, token => store.FindAsync(id, token), cancellationToken);

    /// <summary>Without looking into storage.</summary>
    internal Person? FindKnown(PersonId id) => _known.TryGet(id);

    internal void Forget(PersonId id) => _known.Remove(id);
}
