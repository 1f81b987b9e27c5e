using Xunit;

namespace Relay.Tests.Peers;

/// <summary>
/// Whom we talk to in which dialect. The names are the folders of npm/. What isn't talked to in every test run is with
/// <c>./relay test peers</c>, which sets RELAY_TEST_PEERS to "all".
/// </summary>
public static class KnownPeers
{
    private static readonly bool All = Environment.GetEnvironmentVariable("RELAY_TEST_PEERS") == "all";

    private static readonly (string Peer, Dialect Dialect, bool Always)[] Known =
    [
        ("libsignal-client-0.72.1", Dialect.Version3, true),
        ("libsignal-6.0.0", Dialect.Version3, true),
        ("libsignal-client-0.23.1", Dialect.Version3, false),
        ("privacyresearch-0.0.16", Dialect.Version3, false),
    ];

    private static IEnumerable<(string Peer, Dialect Dialect)> Chosen =>
        from known in Known where known.Always || All select (known.Peer, known.Dialect);

    /// <summary>Peer, dialect, whether we open the session, whether its bundle has a one-time pre-key.</summary>
    public static TheoryData<string, Dialect, bool, bool> Conversations
    {
        get
        {
            TheoryData<string, Dialect, bool, bool> rows = [];
            foreach ((string peer, Dialect dialect) in Chosen)
            {
                rows.Add(peer, dialect, true, true);
                rows.Add(peer, dialect, true, false);
                rows.Add(peer, dialect, false, true);
                rows.Add(peer, dialect, false, false);
            }

            return rows;
        }
    }

    /// <summary>
    /// Those that try a message on a copy of the session. The JavaScript libraries try it on the session itself: whatever
    /// they refuse may damage it (spec/signal.md §6).
    /// </summary>
    public static TheoryData<string, Dialect> Careful => Rows(IsCareful);

    /// <summary>Those that check the signature of a signed pre-key (spec/signal.md §6).</summary>
    public static TheoryData<string, Dialect> CheckingSignatures => Rows(peer => peer != "libsignal-6.0.0");

    private static bool IsCareful(string peer) => peer.StartsWith("libsignal-client-", StringComparison.Ordinal);

    private static TheoryData<string, Dialect> Rows(Func<string, bool> isWanted)
    {
        TheoryData<string, Dialect> rows = [];
        foreach ((string peer, Dialect dialect) in Chosen.Where(chosen => isWanted(chosen.Peer)))
        {
            rows.Add(peer, dialect);
        }

        return rows;
    }
}
