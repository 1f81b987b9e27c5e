using System.Globalization;

namespace Relay.Fuzz;

/// <summary>What a run sends.</summary>
internal sealed record FuzzOptions
{
    public int Requests { get; init; } = 100_000;

    public ulong Seed { get; init; } = 1;

    /// <summary>Only to this function's route.</summary>
    public string? Function { get; init; }

    /// <summary>One request alone.</summary>
    public int? Only { get; init; }

    /// <summary>How many requests one Relay gets before another one starts on the same storage as it did.</summary>
    public int PerStage { get; init; } = 500;

    public static FuzzOptions? Parse(string[] args)
    {
        FuzzOptions options = new();
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : string.Empty;
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            FuzzOptions? next = args[i] switch
            {
                "--requests" when number > 0 => options with { Requests = number },
                "--seed" when isNumber => options with { Seed = (ulong)number },
                "--function" when value.Length > 0 => options with { Function = value },
                "--only" when isNumber => options with { Only = number },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options;
    }
}
