using Relay.Shared.Billing;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Analytics;

/// <summary>A transaction under way that makes something true that is counted. One that ends without <see cref="End"/> may have happened or not.</summary>
internal sealed class Counting(MessageCounts counts, CountingStint stint) : IDisposable
{
    private const int NonceLength = 8;

    private readonly string _nonce = EnvelopeId.Create().Hex[..NonceLength];
    private bool _isEnded;

    /// <summary>What everything names that it makes true: the row of <c>counts</c>, and this transaction.</summary>
    internal string LabelOf(MessageCategory category) => CountedMessage.Label(stint.Row, _nonce, category);

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
