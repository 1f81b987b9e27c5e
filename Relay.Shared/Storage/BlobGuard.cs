using System.Buffers;

namespace Relay.Shared.Storage;

/// <summary>Refuses, with an <see cref="ArgumentException"/>, what Azure Blob Storage would refuse, and what names of ours never need.</summary>
public static class BlobGuard
{
    private static readonly SearchValues<char> s_inNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-/");

    /// <summary>3 to 63 lower-case letters, digits and single hyphens within: as a queue's.</summary>
    public static void CheckContainer(string container) => QueueGuard.CheckQueue(container);

    /// <summary>1 to 256 lower-case letters, digits, hyphens and slashes; no slash at an end or beside another.</summary>
    public static void CheckName(string name)
    {
        CheckPrefix(name);
        if (name[^1] == '/')
        {
            throw new ArgumentException("A blob's name doesn't end with a slash.", nameof(name));
        }
    }

    public static void CheckPrefix(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        if (prefix.Length > BlobLimits.MaxNameLength || prefix.AsSpan().ContainsAnyExcept(s_inNames) || prefix[0] == '/' || prefix.Contains("//", StringComparison.Ordinal))
        {
            // The name itself isn't told: names stay out of logs.
            throw new ArgumentException($"A blob's name of {prefix.Length} characters is too long or has a forbidden character.", nameof(prefix));
        }
    }

    public static void CheckBlock(ReadOnlyMemory<byte> block)
    {
        if (block.Length is 0 or > BlobLimits.MaxBlockBytes)
        {
            throw new ArgumentException($"A block has 1 to {BlobLimits.MaxBlockBytes} bytes, not {block.Length}.", nameof(block));
        }
    }

    public static void CheckLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, BlobLimits.MaxListed);
    }
}
