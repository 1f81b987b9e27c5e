namespace Relay.Tests.KeyVault;

/// <summary>What a call to the emulated vault meets instead of its answer.</summary>
internal enum VaultFault
{
    /// <summary>403: no role says that the caller may.</summary>
    Denied,

    /// <summary>429, with a Retry-After that nobody has to wait for.</summary>
    Throttled,

    /// <summary>503.</summary>
    Unavailable,

    /// <summary>No connection: nothing is done.</summary>
    Unreachable,

    /// <summary>It is done, and then the connection breaks.</summary>
    AnswerLost,
}
