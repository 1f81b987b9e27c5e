using Relay.Shared.Signal;
using Xunit;

namespace Relay.Tests.Peers;

/// <summary>
/// Whom we talk to in which protocol. The names are the folders of npm/. What isn't talked to in every test run is with
/// <c>./relay test peers</c>, which sets RELAY_TEST_PEERS to "all".
/// </summary>
public static class KnownPeers
{
    private static readonly bool All = Environment.GetEnvironmentVariable("RELAY_TEST_PEERS") == "all";

    private static readonly (string Peer, SessionProtocols SessionProtocols, bool Always)[] Known =
    [
        ("libsignal-client-0.103.0", SessionProtocols.PqxdhSpqr, true),
        ("libsignal-client-0.72.1", SessionProtocols.Pqxdh, true),
        ("libsignal-client-0.72.1", SessionProtocols.X3dh, true),
        ("libsignal-6.0.0", SessionProtocols.X3dh, true),
        ("libsignal-client-0.90.0", SessionProtocols.PqxdhSpqr, false),
        ("libsignal-client-0.90.0", SessionProtocols.Pqxdh, false),
        ("libsignal-client-0.23.1", SessionProtocols.X3dh, false),
        ("privacyresearch-0.0.16", SessionProtocols.X3dh, false),
    ];

    private static IEnumerable<(string Peer, SessionProtocols SessionProtocols)> Chosen =>
        from known in Known where known.Always || All select (known.Peer, known.SessionProtocols);

    /// <summary>Peer, protocol, whether we open the session, whether its bundle has a one-time pre-key.</summary>
    public static TheoryData<string, SessionProtocols, bool, bool> Conversations
    {
        get
        {
            TheoryData<string, SessionProtocols, bool, bool> rows = [];
            foreach ((string peer, SessionProtocols protocol) in Chosen)
            {
                rows.Add(peer, protocol, true, true);
                rows.Add(peer, protocol, true, false);

                // 0.90.0 does without SPQR when we open a session without; it offers SPQR when it opens one itself.
                if (peer != "libsignal-client-0.90.0" || protocol != SessionProtocols.Pqxdh)
                {
                    rows.Add(peer, protocol, false, true);
                    rows.Add(peer, protocol, false, false);
                }
            }

            return rows;
        }
    }

    /// <summary>
    /// Those that try a message on a copy of the session. The JavaScript libraries try it on the session itself: whatever
    /// they refuse may damage it (spec/signal.md §6).
    /// </summary>
    public static TheoryData<string, SessionProtocols> Careful => Rows(IsCareful);

    /// <summary>Those that check the signature of a signed pre-key (spec/signal.md §6).</summary>
    public static TheoryData<string, SessionProtocols> CheckingSignatures => Rows(peer => peer != "libsignal-6.0.0");

    private static bool IsCareful(string peer) => peer.StartsWith("libsignal-client-", StringComparison.Ordinal);

    private static TheoryData<string, SessionProtocols> Rows(Func<string, bool> isWanted)
    {
        TheoryData<string, SessionProtocols> rows = [];
        foreach ((string peer, SessionProtocols protocol) in Chosen.Where(chosen => isWanted(chosen.Peer)))
        {
            rows.Add(peer, protocol);
        }

        return rows;
    }
}
