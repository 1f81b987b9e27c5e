using System.Runtime.InteropServices;
using Relay.Shared.Primitives;

namespace Relay.Shared.Limits;

/// <summary>
/// Refuses a share of all requests and takes it from those who ask for most: in each window every business may have up to one level,
/// chosen so that by the window before just the share that is to be taken stays below it. Who asks for less notices nothing.
/// </summary>
internal sealed class FairShares(TimeProvider time)
{
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Dictionary<BusinessId, Tally> _now = [];
    private Dictionary<BusinessId, Tally> _before = [];
    private DateTimeOffset _since = time.GetUtcNow();
    private (double Taken, double Level) _level;

    /// <param name="business">Who asks.</param>
    /// <param name="refused">The share to refuse: 0 none, 1 all.</param>
    internal bool TryEnter(BusinessId business, double refused)
    {
        lock (_gate)
        {
            Turn();
            ref Tally tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_now, business, out _);
            tally.Asked++;
            if (refused >= 1 || (refused > 0 && tally.Entered >= LevelOf(1 - refused)))
            {
                return false;
            }

            tally.Entered++;
            return true;
        }
    }

    private void Turn()
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now - _since < Window)
        {
            return;
        }

        (_before, _now) = (_now, _before);
        _now.Clear();
        if (now - _since >= 2 * Window)
        {
            // Nobody asked for a while: what came before that is no measure.
            _before.Clear();
        }

        _since = now;
        _level = default;
    }

    private double LevelOf(double taken)
    {
        if (_level.Taken != taken)
        {
            _level = (taken, Level(taken));
        }

        return _level.Level;
    }

    /// <summary>The level at which what all asked for in the window before comes to the given share of it; at least 1.</summary>
    private double Level(double taken)
    {
        if (_before.Count == 0)
        {
            return double.PositiveInfinity;
        }

        int[] asked = [.. _before.Values.Select(tally => tally.Asked).Order()];
        double room = taken * asked.Sum();
        for (int i = 0; i < asked.Length; i++)
        {
            double level = room / (asked.Length - i);
            if (level <= asked[i])
            {
                return Math.Max(1, level);
            }

            room -= asked[i];
        }

        return double.PositiveInfinity;
    }

    private record struct Tally(int Asked, int Entered);
}
