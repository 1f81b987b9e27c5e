using System.Globalization;
using System.Security.Cryptography;
using Relay.Shared.Primitives;

namespace Relay.Load.Parties;

/// <summary>Telephone numbers that nobody has: a random start, then one after the other.</summary>
internal static class Numbers
{
    private static long s_last = 4_915_000_000_000 + RandomNumberGenerator.GetInt32(900_000_000);

    internal static PhoneNumber Next() =>
        PhoneNumber.TryParse(Interlocked.Increment(ref s_last).ToString(CultureInfo.InvariantCulture), out PhoneNumber? number)
            ? number
            : throw new InvalidOperationException("That is no telephone number.");
}
