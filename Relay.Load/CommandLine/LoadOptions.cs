using System.Globalization;

namespace Relay.Load.CommandLine;

/// <summary>What the command line asks for; <c>load</c> and <c>chaos</c> share most of it.</summary>
internal sealed record LoadOptions
{
    private const double UsualRate = 20;
    private const int MaxUsers = 5_000;

    /// <summary>Messages a second, each way where both ways are driven.</summary>
    public double Rate { get; init; } = UsualRate;

    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Null: enough for the rate to stay below one message to a user in six seconds.</summary>
    public int? Users { get; init; }

    /// <summary>Whether users write as well.</summary>
    public bool EachWay { get; init; }

    /// <summary>Storage in memory instead of the accounts of the environment.</summary>
    public bool Memory { get; init; }

    /// <summary>Look for the highest rate that the machine sustains.</summary>
    public bool Find { get; init; }

    public bool Json { get; init; }

    public bool Help { get; init; }

    /// <summary>Each role a process.</summary>
    public bool Split { get; init; }

    /// <summary>Of the times at which the host is killed.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where the host keeps its keys.</summary>
    public string Data { get; init; } = "";

    /// <summary>Relay.LocalHost.dll, for a host in a process of its own.</summary>
    public string Host { get; init; } = "";

    /// <summary>Below the pair rate, with a tenth to spare, and at least 10.</summary>
    public int UserCount => Users ?? Math.Clamp((int)Math.Ceiling(Rate * 6 * 1.1), 10, MaxUsers);

    /// <exception cref="UsageException">An option or its value is wrong.</exception>
    public static LoadOptions Parse(IReadOnlyList<string> args)
    {
        LoadOptions options = new();
        for (int i = 0; i < args.Count; i++)
        {
            (string name, string? given) = args[i].Split('=', 2) is [{ } before, { } after] ? (before, after) : (args[i], null);
            string Value() => given ?? (++i < args.Count ? args[i] : throw new UsageException($"{name} needs a value"));
            options = name switch
            {
                "--rate" => Value() is var rate && rate == "max" ? options with { Find = true } : options with { Rate = Number(name, rate, 0.1, 10_000) },
                "--minutes" => options with { Duration = TimeSpan.FromMinutes(Number(name, Value(), 0.05, 1_440)) },
                "--users" => options with { Users = (int)Number(name, Value(), 1, MaxUsers) },
                "--seed" => options with { Seed = (long)Number(name, Value(), 0, int.MaxValue) },
                "--data" => options with { Data = Value() },
                "--host" => options with { Host = Value() },
                "--each-way" when given is null => options with { EachWay = true },
                "--memory" when given is null => options with { Memory = true },
                "--find" when given is null => options with { Find = true },
                "--json" when given is null => options with { Json = true },
                "--split" when given is null => options with { Split = true },
                "--help" or "-h" when given is null => options with { Help = true },
                _ => throw new UsageException($"there is no option '{args[i]}'"),
            };
        }

        return options;
    }

    private static double Number(string name, string text, double least, double most) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most
            ? number
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {least} to {most}"));
}
