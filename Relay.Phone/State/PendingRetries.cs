using Relay.Shared.Content;

namespace Relay.Phone.State;

/// <summary>
/// Envelopes of one sender that are to be asked for again. Few at a time and few times an hour: a sender of garbage costs this phone
/// little.
/// </summary>
internal sealed class PendingRetries
{
    internal const int MaxPerHour = 3;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Ids of envelopes: what one receipt can name.</summary>
    public List<string> Envelopes { get; init; } = [];

    /// <summary>When the sender was asked last.</summary>
    public List<DateTimeOffset> AskedAt { get; init; } = [];

    /// <summary>False when there are too many already: this one isn't asked for.</summary>
    internal bool Add(string envelopeId)
    {
        bool fits = Envelopes.Count < ContentReceipt.MaxIds;
        if (fits)
        {
            Envelopes.Add(envelopeId);
        }

        return fits;
    }

    internal bool IsDue(DateTimeOffset now) => Envelopes.Count > 0 && AskedAt.Count(asked => now - asked < Hour) < MaxPerHour;

    /// <summary>What to ask for now; it counts as asked.</summary>
    internal string[] Take(DateTimeOffset now)
    {
        string[] envelopes = [.. Envelopes];
        Envelopes.Clear();
        AskedAt.RemoveAll(asked => now - asked >= Hour);
        AskedAt.Add(now);
        return envelopes;
    }
}
