// FIPS 203 §6.3, steps 9 to 11: the choice between the two secrets MUST NOT show in time or memory access.

using System.Runtime.CompilerServices;

namespace Relay.Shared.Signal.Kem;

/// <summary>A comparison whose result never becomes a branch.</summary>
internal static class ConstantTime
{
    /// <summary>Copies value over target when left and right are equal. Touches all of all four either way; lengths are public.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void CopyIfEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, ReadOnlySpan<byte> value, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(left.Length, right.Length, nameof(left));
        ArgumentOutOfRangeException.ThrowIfNotEqual(value.Length, target.Length, nameof(value));
        int different = 0;
        for (int i = 0; i < left.Length && i < right.Length; i++)
        {
            different |= left[i] ^ right[i];
        }

        unchecked
        {
            // All ones when different is 0, else zero: no bool comes into being.
            byte equal = (byte)((different - 1) >> 8);
            for (int i = 0; i < value.Length && i < target.Length; i++)
            {
                target[i] = (byte)(target[i] ^ (equal & (target[i] ^ value[i])));
            }
        }
    }
}
