using Relay.Shared.Primitives;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Bounds how many calls one endpoint may hold at a time in this process, and keeps first attempts away for a minute from one that has just used up
/// all the time that such an attempt has: what isn't called at once goes to queue <c>webhooks</c>.
/// </summary>
public sealed class EndpointSlots(TimeProvider time)
{
    /// <summary>First attempts at once: each holds a slot of the pipeline.</summary>
    internal const int MaxFirst = 8;

    /// <summary>Later attempts at once.</summary>
    internal const int MaxLater = 8;

    private const int MaxKept = 10_000;

    private static readonly TimeSpan SlowPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(EndpointKey Endpoint, bool IsFirst), int> _held = [];
    private readonly ShortCache<EndpointKey, EndpointSlots> _slow = new(time, SlowPause, MaxKept);

    /// <summary>False when there is no slot to be had, or a first attempt is not worth one. Whoever got one gives it back.</summary>
    internal bool TryTake(EndpointKey endpoint, bool isFirst)
    {
        lock (_gate)
        {
            int held = _held.GetValueOrDefault((endpoint, isFirst));
            if (held >= (isFirst ? MaxFirst : MaxLater) || (isFirst && _slow.TryGet(endpoint) is not null))
            {
                return false;
            }

            _held[(endpoint, isFirst)] = held + 1;
            return true;
        }
    }

    internal void GiveBack(EndpointKey endpoint, bool isFirst)
    {
        lock (_gate)
        {
            if (--_held[(endpoint, isFirst)] == 0)
            {
                _held.Remove((endpoint, isFirst));
            }
        }
    }

    /// <summary>A first attempt got no answer in its time.</summary>
    internal void WasSlow(EndpointKey endpoint) => _slow.Put(endpoint, this);
}
