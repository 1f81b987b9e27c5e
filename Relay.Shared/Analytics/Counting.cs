using Relay.Shared.Billing;

namespace Relay.Shared.Analytics;

/// <summary>A transaction under way that makes something true that is counted. One that ends without <see cref="End"/> may have happened or not.</summary>
internal sealed class Counting(MessageCounts counts, CountingStint stint) : IDisposable
{
    private bool _isEnded;

    /// <summary>The row of <c>counts</c> that counts it: to be named by what is counted.</summary>
    internal string Row => stint.Row;

    /// <summary>It is known what happened: all of this, or nothing.</summary>
    internal void End(IReadOnlyCollection<UsageFact> facts)
    {
        _isEnded = true;
        counts.End(stint, facts);
    }

    public void Dispose()
    {
        if (!_isEnded)
        {
            _isEnded = true;
            counts.Tear(stint);
        }
    }
}
