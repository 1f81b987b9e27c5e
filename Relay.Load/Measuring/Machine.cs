using System.Globalization;
using System.Runtime.InteropServices;

namespace Relay.Load.Measuring;

/// <summary>What the numbers were measured on, in words.</summary>
/// <param name="Cores">Logical cores that this process may use.</param>
/// <param name="MemoryGiB">Memory that this process may use.</param>
/// <param name="Processor">Its name, where the system tells it.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The .NET version.</param>
internal sealed record Machine(int Cores, double MemoryGiB, string Processor, string System, string Runtime)
{
    internal static Machine Read() => new(
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024), 1),
        Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Line("/etc/os-release", "PRETTY_NAME")?.Trim('"') ?? RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    /// <summary>Of the last 1, 5 and 15 minutes; who else was using the machine shows in it.</summary>
    internal static string LoadAverage() =>
        File.Exists("/proc/loadavg") ? string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Cores} cores ({Processor}), {MemoryGiB:0} GiB, {System}, {Runtime}");

    private static string? Line(string file, string key) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split([':', '='], 2)[^1].Trim()
        : null;
}
