using System.Globalization;
using Relay.Shared.Hosting;

namespace Relay.LocalHost.Running;

/// <summary>The arguments that ./relay passes on. Anything unknown is an error with exit code 2.</summary>
internal sealed record CommandOptions
{
    /// <summary>Where keys, codes and logs lie.</summary>
    public required string Data { get; init; }

    public bool Json { get; init; }

    /// <summary>Null: the usual one if it is free.</summary>
    public int? Port { get; init; }

    /// <summary>Whether it ends with the process at the other end of its standard input.</summary>
    public bool Attached { get; init; }

    /// <summary>Whether each role is a process.</summary>
    public bool Split { get; init; }

    /// <summary>Which role <c>serve</c> serves; its settings are in the environment.</summary>
    public RelayRole Role { get; init; }

    /// <summary>Whether verification codes go to standard error.</summary>
    public bool PrintsCodes { get; init; }

    /// <summary>The phone's program, for the demo.</summary>
    public string? Phone { get; init; }

    /// <summary>The options, or null after saying what is wrong.</summary>
    public static CommandOptions? Parse(string[] arguments, TextWriter errors)
    {
        CommandOptions options = new() { Data = string.Empty };
        for (int i = 0; i < arguments.Length; i++)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : string.Empty;
            switch (arguments[i])
            {
                case "--json":
                    options = options with { Json = true };
                    break;
                case "--attached":
                    options = options with { Attached = true };
                    break;
                case "--split":
                    options = options with { Split = true };
                    break;
                case "--print-codes":
                    options = options with { PrintsCodes = true };
                    break;
                case "--role" when value.Length > 0 && RelayRoles.Find(value) is { } role:
                    options = options with { Role = role };
                    i++;
                    break;
                case "--data" when value.Length > 0:
                    options = options with { Data = value };
                    i++;
                    break;
                case "--phone" when value.Length > 0:
                    options = options with { Phone = value };
                    i++;
                    break;
                case "--port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65_536:
                    options = options with { Port = port };
                    i++;
                    break;
                default:
                    errors.WriteLine($"relay: '{arguments[i]}' is not an option here, or its value is missing or wrong (./relay help)");
                    return null;
            }
        }

        if (options.Data.Length > 0 || options.Role != RelayRole.All)
        {
            return options;
        }

        errors.WriteLine("relay: --data DIR is missing");
        return null;
    }
}
