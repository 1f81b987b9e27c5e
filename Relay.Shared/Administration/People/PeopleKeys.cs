using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Relay.Shared.Administration.People;

/// <summary>
/// Says whether a key is one of ours, as of now. All are read at once, by one reader at a time for everybody who waits: however many wrong keys come, storage is read
/// no faster than that, and nobody who has a right one is turned away or waits for more than two reads.
/// </summary>
public sealed class PeopleKeys(PeopleStore store)
{
    private static readonly byte[] s_noHash = new byte[SHA256.HashSizeInBytes];

    private readonly Lock _gate = new();
    private Task<IReadOnlyDictionary<PersonId, byte[]>> _running = Task.FromResult<IReadOnlyDictionary<PersonId, byte[]>>(FrozenDictionary<PersonId, byte[]>.Empty);

    /// <summary>Has not begun to read: whoever joins is told of everything that was there when they came.</summary>
    private Task<IReadOnlyDictionary<PersonId, byte[]>>? _next;

    internal async Task<bool> HoldAsync(PersonKey key, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<PersonId, byte[]> hashes = await JoinNext().WaitAsync(cancellationToken);
        return CryptographicOperations.FixedTimeEquals(hashes.GetValueOrDefault(key.Id) ?? s_noHash, key.Hash);
    }

    private Task<IReadOnlyDictionary<PersonId, byte[]>> JoinNext()
    {
        lock (_gate)
        {
            return _next ??= ReadAfterAsync(_running);
        }
    }

    /// <summary>For all who wait: it ends with none of them.</summary>
    private async Task<IReadOnlyDictionary<PersonId, byte[]>> ReadAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            (_running, _next) = (_next ?? _running, null);
        }

        return await store.ListKeysAsync(CancellationToken.None);
    }
}
