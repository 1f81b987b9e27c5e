using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Limits;

/// <summary>
/// What one instance lets a number send: the pair rate, then the number's throughput, then what the queues can take. A refusal takes
/// nothing and costs no storage call. Each instance counts for itself: N instances admit up to N times as much.
/// </summary>
public sealed class SendLimits(RelayLimits limits, BackPressure pressure, TimeProvider time)
{
    private const int MaxNumbers = 20_000;
    private const int MaxPairs = 200_000;

    private readonly RateBuckets<(BusinessId, PhoneNumberId)> _numbers = new(time, MaxNumbers);
    private readonly RateBuckets<(BusinessId, PhoneNumberId, PhoneNumber)> _pairs = new(time, MaxPairs);

    /// <summary>Null when it may be sent, and then it is counted.</summary>
    /// <param name="number">Who sends.</param>
    /// <param name="to">The user; null for a receipt, which the pair rate doesn't count.</param>
    internal GraphError? TryTake(BusinessNumber number, PhoneNumber? to)
    {
        if (to is not null && limits.Pair is { } pair && !_pairs.TryTake((number.Business, number.Id, to), pair, out TimeSpan pairWait))
        {
            return GraphErrorCode.PairRateLimit.Because(
                $"One message every {limits.PairSeconds} seconds goes from a phone number to the same user; up to {limits.PairBurst} at once, "
                + "borrowed from the time after them. Nothing was accepted.") with { RetryAfter = pairWait };
        }

        if (limits.Throughput(number.Throughput) is { } rate && !_numbers.TryTake((number.Business, number.Id), rate, out TimeSpan wait))
        {
            GiveBackPair(number, to);
            return GraphErrorCode.NumberRateLimit.Because(
                $"This phone number sends and receives at most {rate.Burst} messages a second (throughput level {number.Throughput.Name()}). Nothing was accepted.")
                with { RetryAfter = wait };
        }

        if (pressure.Refuse(number.Business) is { } refusal)
        {
            GiveBack(number, to);
            return refusal;
        }

        return null;
    }

    /// <summary>What was taken turned out to be no new message.</summary>
    internal void GiveBack(BusinessNumber number, PhoneNumber? to)
    {
        GiveBackPair(number, to);
        if (limits.Throughput(number.Throughput) is { } rate)
        {
            _numbers.GiveBack((number.Business, number.Id), rate);
        }
    }

    /// <summary>Counts a user's message. It is never refused, but what the number sends has that much less room.</summary>
    internal void CountReceived(BusinessNumber number)
    {
        if (limits.Throughput(number.Throughput) is { } rate)
        {
            _numbers.Drain((number.Business, number.Id), rate);
        }
    }

    private void GiveBackPair(BusinessNumber number, PhoneNumber? to)
    {
        if (to is not null && limits.Pair is { } pair)
        {
            _pairs.GiveBack((number.Business, number.Id, to), pair);
        }
    }
}
