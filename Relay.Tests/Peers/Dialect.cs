namespace Relay.Tests.Peers;

/// <summary>What is spoken in a session (spec/signal.md §1).</summary>
public enum Dialect
{
    /// <summary>X3DH.</summary>
    Version3,
}
