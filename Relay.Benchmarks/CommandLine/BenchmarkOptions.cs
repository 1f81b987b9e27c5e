using System.Globalization;
using Relay.Load.CommandLine;

namespace Relay.Benchmarks.CommandLine;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    internal const string StandardOutput = "-";

    private const int DefaultCallers = 16;

    internal static readonly IReadOnlyList<string> SectionNames = ["signal", "seal", "accept", "e2e", "transactions", "burst", "deletion", "integrity", "media", "allocations"];

    public IReadOnlySet<string> Only { get; init; } = new HashSet<string>();

    public bool Quick { get; init; }

    public bool Help { get; init; }

    public int? Seconds { get; init; }

    public int Callers { get; init; } = DefaultCallers;

    /// <summary>A file, <see cref="StandardOutput"/>, or null for the usual file.</summary>
    public string? JsonPath { get; init; }

    /// <summary>How often each window is repeated.</summary>
    public int Repetitions => Quick ? 1 : 3;

    public TimeSpan AcceptWindow => WindowOf(5);

    public TimeSpan EndToEndWindow => WindowOf(10);

    /// <summary>In words, for the report.</summary>
    public string Window => $"{Repetitions} × {AcceptWindow.TotalSeconds:0} s (end to end {EndToEndWindow.TotalSeconds:0} s), {Callers} callers";

    public bool Wants(string section) => Only.Count == 0 || Only.Contains(section);

    /// <exception cref="UsageException">An option or its value is wrong.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> args)
    {
        BenchmarkOptions options = new();
        for (int i = 0; i < args.Count; i++)
        {
            (string name, string? value) = args[i].Split('=', 2) is [{ } before, { } after] && before.StartsWith("--", StringComparison.Ordinal)
                ? (before, after)
                : (args[i], null);
            string Value() => value ?? (++i < args.Count ? args[i] : throw new UsageException($"{name} needs a value"));
            options = name switch
            {
                "--quick" when value is null => options with { Quick = true },
                "--help" or "-h" when value is null => options with { Help = true },
                "--only" => options with { Only = new HashSet<string>(options.Only) { Section(Value()) } },
                "--seconds" => options with { Seconds = Number(name, Value(), 600) },
                "--callers" => options with { Callers = Number(name, Value(), 256) },
                "--json" => options with { JsonPath = Value() },
                _ when value is null && SectionNames.Contains(name) => options with { Only = new HashSet<string>(options.Only) { name } },
                _ => throw new UsageException($"there is no option '{args[i]}'"),
            };
        }

        return options;
    }

    private TimeSpan WindowOf(int seconds) => TimeSpan.FromSeconds(Seconds ?? (Quick ? 1 : seconds));

    private static string Section(string name) => SectionNames.Contains(name)
        ? name
        : throw new UsageException($"there is no section '{name}': {string.Join(", ", SectionNames)}");

    private static int Number(string name, string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw new UsageException($"{name} takes a whole number from 1 to {most}");
}
