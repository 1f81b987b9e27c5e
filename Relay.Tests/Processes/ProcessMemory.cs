using System.Globalization;
using Relay.LocalHost.Demonstration;

namespace Relay.Tests.Processes;

/// <summary>Everything that a process of ours holds in memory (Linux): heaps, stacks, buffers, what was freed and not yet written over.</summary>
internal static class ProcessMemory
{
    private const int BlockSize = 4 * 1024 * 1024;
    private const int Overlap = 4 * 1024;

    /// <summary>Which needles of a search are there, and how many bytes were read.</summary>
    public static (IReadOnlySet<string> Found, long Bytes) Search(int process, ClearTextScan scan)
    {
        HashSet<string> found = [];
        long total = 0;
        using FileStream memory = new($"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        foreach ((long start, long end) in Regions(process))
        {
            total += SearchRegion(memory, start, end, scan, found);
        }

        return (found, total);
    }

    private static long SearchRegion(FileStream memory, long start, long end, ClearTextScan scan, HashSet<string> found)
    {
        byte[] block = new byte[BlockSize + Overlap];
        int kept = 0;
        long total = 0;
        for (long at = start; at < end;)
        {
            int read;
            try
            {
                memory.Position = at;
                read = memory.Read(block, kept, (int)Math.Min(BlockSize, end - at));
            }
            catch (IOException)
            {
                // A guard page, or unmapped meanwhile.
                return total;
            }

            if (read == 0)
            {
                return total;
            }

            total += read;
            at += read;
            int length = kept + read;
            found.UnionWith(scan.Search(block.AsSpan(0, length)));
            kept = Math.Min(Overlap, length);
            block.AsSpan(length - kept, kept).CopyTo(block);
        }

        return total;
    }

    /// <summary>Readable ones; of files only what the process may have changed.</summary>
    private static IEnumerable<(long Start, long End)> Regions(int process)
    {
        foreach (string line in File.ReadLines($"/proc/{process}/maps"))
        {
            string[] parts = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            string name = parts.Length > 5 ? parts[5].Trim() : "";
            if (parts[1].StartsWith("rw", StringComparison.Ordinal) && name is not ("[vvar]" or "[vsyscall]" or "[vdso]"))
            {
                string[] range = parts[0].Split('-');
                yield return (long.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
        }
    }
}
