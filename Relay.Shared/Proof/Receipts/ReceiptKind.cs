namespace Relay.Shared.Proof.Receipts;

/// <summary>Why something was deleted. The names are public for ever.</summary>
public static class ReceiptKind
{
    /// <summary>A day was past its time: its key was destroyed and its rows deleted.</summary>
    public const string Retention = "retention";

    /// <summary>One user was erased on request.</summary>
    public const string Erasure = "erasure";

    /// <summary>A business was closed.</summary>
    public const string Closure = "closure";
}
