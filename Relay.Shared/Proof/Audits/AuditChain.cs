namespace Relay.Shared.Proof.Audits;

/// <summary>
/// Judges a business's audit, entry by entry in the order of their numbers: none is changed, missing, swapped or cut off as far as a signed checkpoint, the head, or
/// what somebody kept of it (<see cref="Expect(long, string)"/>) reaches. Pure: whoever has the entries can do it.
/// </summary>
public sealed class AuditChain
{
    /// <summary>For how long entries are kept; the oldest may be missing only up to a checkpoint that is older.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(400);

    private readonly string _business;
    private readonly DateTimeOffset _now;
    private readonly SortedDictionary<long, (string Hash, bool MayStart)> _expected = [];

    /// <param name="business">Whose.</param>
    /// <param name="now">By the verifier's clock.</param>
    public AuditChain(string business, DateTimeOffset now) => (_business, _now) = (business, now);

    /// <summary>Goes on from an entry that was verified before.</summary>
    public AuditChain(string business, DateTimeOffset now, long verified, string hash)
        : this(business, now) => (Last, LastHash, First, Signed) = (verified, hash, verified, verified);

    /// <summary>The first entry that was there; 0 before it.</summary>
    public long First { get; private set; }

    /// <summary>The last entry that was verified.</summary>
    public long Last { get; private set; }

    /// <summary>Its hash.</summary>
    public string LastHash { get; private set; } = AuditEntry.NoHash;

    /// <summary>The last entry that a signature covers.</summary>
    public long Signed { get; private set; }

    /// <summary>A checkpoint that ought to hold. Before the entries that it covers.</summary>
    /// <param name="checkpoint">As it was read.</param>
    /// <param name="isGenuine">Whether the vault signed it.</param>
    public AuditFlaw? Expect(AuditCheckpoint checkpoint, bool isGenuine)
    {
        if (!isGenuine || checkpoint.Business != _business)
        {
            return new AuditFlaw(checkpoint.Number, "a checkpoint there is not signed by Relay's key for this business");
        }

        Expect(checkpoint.Number, checkpoint.Hash, _now - DateTimeOffset.FromUnixTimeMilliseconds(checkpoint.At) >= Life);
        return null;
    }

    /// <summary>What somebody kept of an earlier look: an entry and its hash.</summary>
    public void Expect(long entry, string hash) => Expect(entry, hash, mayStart: false);

    /// <param name="row">The number by which its row is named.</param>
    /// <param name="entry">The entry; null when what stands there is none.</param>
    public AuditFlaw? Add(long row, AuditEntry? entry)
    {
        if (Last == 0 && row > 1)
        {
            return StartAt(row, entry) ?? Add(row, entry);
        }

        if (row != Last + 1)
        {
            return new AuditFlaw(Last + 1, "the entry is missing");
        }

        if (entry is null || entry.Number != row || entry.Business != _business)
        {
            return new AuditFlaw(row, "what stands there is not that entry");
        }

        if (entry.Previous != LastHash)
        {
            return new AuditFlaw(row, "it does not follow the entry before it: one of the two was changed");
        }

        (Last, LastHash) = (row, entry.ToStatement().Hash);
        First = First == 0 ? row : First;
        if (!_expected.Remove(row, out (string Hash, bool MayStart) expected))
        {
            return null;
        }

        if (expected.Hash != LastHash)
        {
            return new AuditFlaw(row, "it is not the entry that was signed or kept");
        }

        Signed = row;
        return null;
    }

    /// <summary>After the last entry.</summary>
    /// <param name="entries">How many entries the head says; 0 without a head.</param>
    /// <param name="hash">The last one's hash as the head says; null without a head.</param>
    public AuditFlaw? End(long entries, string? hash)
    {
        foreach (long missing in _expected.Keys.Where(number => number > Last))
        {
            return new AuditFlaw(missing, "the entry was signed or kept, and is missing");
        }

        if (entries != Last)
        {
            return new AuditFlaw(Math.Min(entries, Last) + 1, entries > Last ? "the entry is missing: the head has more" : "the head does not know it");
        }

        return Last > 0 && hash != LastHash ? new AuditFlaw(Last, "the head has another hash for it") : null;
    }

    private void Expect(long entry, string hash, bool mayStart) =>
        _expected[entry] = _expected.TryGetValue(entry, out (string Hash, bool MayStart) other) && other.Hash != hash
            ? ("no hash: two that should be the same differ", false)
            : (hash, mayStart);

    /// <summary>
    /// The oldest entries go after <see cref="Life"/>, up to a checkpoint that is as old: only up to there may they be missing. Where they go at this very moment, the
    /// first one left is believed in what it follows; the checkpoint still covers it.
    /// </summary>
    private AuditFlaw? StartAt(long row, AuditEntry? first)
    {
        foreach ((long number, (string hash, bool mayStart)) in _expected)
        {
            if (mayStart && number >= row - 1)
            {
                (Last, First) = (row - 1, row);
                LastHash = number == row - 1 ? hash : first?.Previous ?? AuditEntry.NoHash;
                _expected.Remove(row - 1);
                return null;
            }
        }

        return new AuditFlaw(1, "the first entries are missing, and no old checkpoint allows it");
    }
}

/// <summary>What is wrong with an audit.</summary>
/// <param name="Entry">Where.</param>
/// <param name="What">What is wrong there.</param>
public sealed record AuditFlaw(long Entry, string What);
