// command line = [command] { option }      option = --name | --name value | --name value { value }      anything else is an error

using System.Globalization;
using Relay.Shared.Primitives;

namespace Relay.Phone.Commands;

/// <summary>A command and its options, each known to it and given at most once.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, List<string>> _options = new(StringComparer.Ordinal);

    private CommandLine(CommandSyntax syntax) => Syntax = syntax;

    internal CommandSyntax Syntax { get; }

    /// <exception cref="UsageException">Not a command line of this program.</exception>
    internal static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        bool hasName = arguments.Count > 0 && !IsOption(arguments[0]);
        string name = hasName ? arguments[0] : CommandSyntax.Chat;
        CommandLine line = new(CommandSyntax.Find(name) ?? throw new UsageException($"There is no command '{name}'."));
        for (int i = hasName ? 1 : 0; i < arguments.Count;)
        {
            i = line.Take(arguments, i);
        }

        foreach (string required in line.Syntax.Required.Where(option => !line.Has(option) && !line.Has(CommandSyntax.Help)))
        {
            throw new UsageException($"'{line.Syntax.Name}' needs {required}.");
        }

        if (line.Syntax.OneOf.Count > 0 && !line.Has(CommandSyntax.Help) && line.Syntax.OneOf.Count(line.Has) != 1)
        {
            throw new UsageException($"'{line.Syntax.Name}' needs one of {string.Join(", ", line.Syntax.OneOf)}.");
        }

        return line;
    }

    internal bool Has(string option) => _options.ContainsKey(option);

    internal string? Value(string option) => _options.TryGetValue(option, out List<string>? values) ? values[0] : null;

    internal PhoneNumber Number(string option) => PhoneNumber.TryParse(Value(option), out PhoneNumber? number)
        ? number
        : throw new UsageException($"{option} takes a number in international form, for example +4915112345678.");

    internal int? Count(string option, int most)
    {
        if (Value(option) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= most
            ? count
            : throw new UsageException($"{option} takes a whole number up to {most}.");
    }

    /// <summary>Null when the option isn't there.</summary>
    internal IReadOnlyList<EnvelopeId>? Ids(string option) => _options.TryGetValue(option, out List<string>? values)
        ? [.. values.SelectMany(value => value.Split(',')).Select(id => ToId(option, id))]
        : null;

    private static EnvelopeId ToId(string option, string text) => EnvelopeId.TryParse(text, out EnvelopeId id)
        ? id
        : throw new UsageException($"{option} takes message ids of 16 hex digits.");

    private static bool IsOption(string argument) => argument.StartsWith("--", StringComparison.Ordinal);

    private int Take(IReadOnlyList<string> arguments, int at)
    {
        string option = arguments[at];
        if (!Syntax.Options.TryGetValue(option, out Arity arity))
        {
            throw new UsageException(IsOption(option) ? $"'{Syntax.Name}' has no option {option}." : "There is a value without an option before it.");
        }

        List<string> values = [];
        int next = at + 1;
        while (next < arguments.Count && values.Count < (int)arity && (arity == Arity.Value || !IsOption(arguments[next])))
        {
            values.Add(arguments[next++]);
        }

        if (arity != Arity.Flag && values.Count == 0)
        {
            throw new UsageException($"{option} needs a value.");
        }

        return _options.TryAdd(option, values) ? next : throw new UsageException($"{option} is there twice.");
    }
}
