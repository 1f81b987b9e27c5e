// Canonne, Kamath, Steinke 2020 (arXiv:2004.00010), §5: a Bernoulli variable of probability exp(-1/n) from uniform integers alone. No floating point takes part, so none
// of its gaps can tell one input from another (Mironov 2012).
using System.Security.Cryptography;

namespace Relay.Shared.Transport.Statistics;

/// <summary>
/// Two-sided geometric noise (Ghosh, Roughgarden, Sundararajan 2009): k with probability (1 - a) / (1 + a) · a^|k|, a = exp(-ε), ε = 1 / n. Added to a count that one
/// user-day can change by one, it makes the two counts differ by a factor of e^ε at most, whatever comes out.
/// </summary>
public static class GeometricNoise
{
    /// <param name="n">ε = 1 / n, n at least 1.</param>
    public static int Draw(int n) => Draw(n, RandomNumberGenerator.GetInt32);

    /// <param name="n">As above.</param>
    /// <param name="below">Uniform from 0 on, below its argument.</param>
    internal static int Draw(int n, Func<int, int> below)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return OneSided(n, below) - OneSided(n, below);
    }

    /// <summary>How often it succeeds before it fails.</summary>
    private static int OneSided(int n, Func<int, int> below)
    {
        int successes = 0;
        while (SucceedsWithExpOfMinusOneIn(n, below))
        {
            successes++;
        }

        return successes;
    }

    /// <summary>True with probability exp(-1/n).</summary>
    private static bool SucceedsWithExpOfMinusOneIn(int n, Func<int, int> below)
    {
        int k = 1;
        while (below(checked(n * k)) == 0)
        {
            k++;
        }

        return (k & 1) == 1;
    }
}
