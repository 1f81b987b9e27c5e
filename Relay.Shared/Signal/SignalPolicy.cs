// spec/signal.md §4.2: which sessions may come into being. Sessions that exist are not judged again.

namespace Relay.Shared.Signal;

/// <summary>The protocols a session may be opened with, by us or by the peer. Immutable.</summary>
public sealed class SignalPolicy
{
    public SignalPolicy(SessionProtocols allowed)
    {
        if ((allowed & SessionProtocols.All) == SessionProtocols.None || (allowed & ~SessionProtocols.All) != SessionProtocols.None)
        {
            throw new ArgumentOutOfRangeException(nameof(allowed), allowed, "Some of the known protocols.");
        }

        Allowed = allowed;
    }

    /// <summary>Whatever the peer can; the strongest when we open.</summary>
    public static SignalPolicy AcceptAll { get; } = new(SessionProtocols.All);

    /// <summary>Version 4 with SPQR and nothing else, as the newest peers are.</summary>
    public static SignalPolicy Strict { get; } = new(SessionProtocols.PqxdhSpqr);

    public SessionProtocols Allowed { get; }

    public bool Allows(SessionProtocols protocol) => protocol != SessionProtocols.None && (Allowed & protocol) == protocol;

    /// <summary>What to open a session with, <see cref="SessionProtocols.None"/> when nothing allowed fits the bundle.</summary>
    internal SessionProtocols Choose(bool hasKyberPreKey)
    {
        ReadOnlySpan<SessionProtocols> strongestFirst = hasKyberPreKey
            ? [SessionProtocols.PqxdhSpqr, SessionProtocols.Pqxdh, SessionProtocols.X3dh]
            : [SessionProtocols.X3dh];
        foreach (SessionProtocols protocol in strongestFirst)
        {
            if (Allows(protocol))
            {
                return protocol;
            }
        }

        return SessionProtocols.None;
    }
}
