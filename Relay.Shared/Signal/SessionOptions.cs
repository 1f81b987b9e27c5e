// spec/signal.md §4: what a step takes besides keys and bytes.

namespace Relay.Shared.Signal;

/// <summary>How the caller wants sessions with one peer device held. Immutable.</summary>
public sealed record SessionOptions
{
    /// <summary>Everything is accepted, no addresses are known.</summary>
    public static SessionOptions Default { get; } = new();

    /// <summary>Asked when a session is opened, from either side.</summary>
    public SignalPolicy Policy { get; init; } = SignalPolicy.AcceptAll;

    /// <summary>This device, as the peer names it.</summary>
    public SignalAddress? Local { get; init; }

    /// <summary>The peer device.</summary>
    public SignalAddress? Remote { get; init; }

    /// <summary>Field 6 of what we send: empty when not both are known.</summary>
    internal ReadOnlySpan<byte> WriteSent(Span<byte> buffer) => Write(Local, Remote, buffer);

    /// <summary>Field 6 of what the peer sends: empty when not both are known.</summary>
    internal ReadOnlySpan<byte> WriteReceived(Span<byte> buffer) => Write(Remote, Local, buffer);

    private static ReadOnlySpan<byte> Write(SignalAddress? sender, SignalAddress? recipient, Span<byte> buffer)
    {
        if (sender is not { } from || recipient is not { } to)
        {
            return [];
        }

        from.Write(buffer);
        to.Write(buffer[SignalAddress.Bytes..]);
        return buffer[..(2 * SignalAddress.Bytes)];
    }
}
