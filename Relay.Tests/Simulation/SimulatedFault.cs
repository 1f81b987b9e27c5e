namespace Relay.Tests.Simulation;

/// <summary>What a call of a simulated process meets. Names are what reports print.</summary>
internal enum SimulatedFault
{
    /// <summary>None: done and answered.</summary>
    None,

    /// <summary>503: not done.</summary>
    Unavailable,

    /// <summary>500: not done.</summary>
    ServerError,

    /// <summary>429: not done.</summary>
    Throttled,

    /// <summary>No answer, and not done.</summary>
    RequestLost,

    /// <summary>No answer, but done.</summary>
    ReplyLost,

    /// <summary>No answer; done some time later.</summary>
    LandsLate,

    /// <summary>The process dies before the call is done; it may still be done later.</summary>
    CrashBefore,

    /// <summary>The process dies when the call was done and before it hears of it.</summary>
    CrashAfter,
}
