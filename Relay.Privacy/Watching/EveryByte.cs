using System.Text;
using Relay.Privacy.Story;
using Relay.Shared.Storage;

namespace Relay.Privacy.Watching;

/// <summary>Searches all that was written and logged since the last look, and then all that lies in the accounts.</summary>
internal sealed class EveryByte(Secrets secrets, Sightings seen)
{
    public long Bytes { get; private set; }

    public int Written { get; private set; }

    public int Logged { get; private set; }

    /// <summary>What was found; empty when all is well.</summary>
    public IReadOnlyList<string> Look(IEnumerable<AccountCopy> copies)
    {
        List<string> found = [];
        foreach (Sighting sighting in seen.TakeAll())
        {
            _ = sighting.Where.StartsWith("log", StringComparison.Ordinal) ? ++Logged : ++Written;
            found.AddRange(Search(sighting));
        }

        foreach (AccountCopy copy in copies)
        {
            foreach ((string table, TableRow row) in copy.Rows)
            {
                found.AddRange(Search(new Sighting($"{copy.Account.Name} table {table}", Sightings.Bytes(row))));
            }

            foreach ((string queue, string body) in copy.Messages)
            {
                found.AddRange(Search(new Sighting($"{copy.Account.Name} queue {queue}", Encoding.UTF8.GetBytes(body))));
            }
        }

        return found;
    }

    private IEnumerable<string> Search(Sighting sighting)
    {
        Bytes += sighting.Bytes.Length;
        return secrets.FindIn(sighting);
    }
}
