namespace Relay.Shared.Analytics;

/// <summary>How far a row of <c>counts</c> is.</summary>
internal enum CountState
{
    /// <summary>Its process counts on, or died.</summary>
    Open = 0,

    /// <summary>Its process has written all that it counted.</summary>
    Closed = 1,

    /// <summary>Its process can't know whether one of its transactions happened, and counts on in another row.</summary>
    Torn = 2,

    /// <summary>Counted again from the messages themselves (<c>SettleUsage</c>).</summary>
    Settled = 3,
}
