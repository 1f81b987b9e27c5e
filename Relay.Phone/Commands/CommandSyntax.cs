namespace Relay.Phone.Commands;

/// <summary>The most values an option takes.</summary>
internal enum Arity
{
    Flag = 0,
    Value = 1,
    List = 100,
}

/// <summary>Which options a command has; the one place that says so.</summary>
internal sealed class CommandSyntax
{
    internal const string Chat = "chat";
    internal const string Help = "--help";
    internal const string Json = "--json";

    private static readonly CommandSyntax[] All =
    [
        new(Chat, []),
        new("register", [("--number", Arity.Value), ("--code", Arity.Value), ("--code-dir", Arity.Value)], "--number"),
        new(
            "send",
            [
                ("--to", Arity.Value), ("--text", Arity.Value), ("--file", Arity.Value), ("--as", Arity.Value), ("--caption", Arity.Value), ("--voice", Arity.Flag),
                ("--location", Arity.Value), ("--name", Arity.Value), ("--address", Arity.Value), ("--contact", Arity.Value), ("--phone", Arity.Value),
                ("--order", Arity.Value), ("--product", Arity.Value), ("--quantity", Arity.Value), ("--poll", Arity.Value), ("--raw", Arity.Value),
                ("--reply-to", Arity.Value), ("--forwarded", Arity.Value), (Json, Arity.Flag), ("--envelopes", Arity.Flag),
            ],
            "--to") { OneOf = ["--text", "--file", "--location", "--contact", "--order", "--poll", "--raw"] },
        new("answer", [("--to", Arity.Value), ("--message", Arity.Value), ("--choice", Arity.Value), ("--form", Arity.Value), (Json, Arity.Flag), ("--envelopes", Arity.Flag)], "--to"),
        new("react", [("--to", Arity.Value), ("--message", Arity.Value), ("--emoji", Arity.Value), (Json, Arity.Flag), ("--envelopes", Arity.Flag)], "--to", "--message"),
        new("edit", [("--to", Arity.Value), ("--message", Arity.Value), ("--text", Arity.Value), (Json, Arity.Flag), ("--envelopes", Arity.Flag)], "--to", "--message", "--text"),
        new("revoke", [("--to", Arity.Value), ("--message", Arity.Value), (Json, Arity.Flag), ("--envelopes", Arity.Flag)], "--to", "--message"),
        new("save", [("--from", Arity.Value), ("--message", Arity.Value), ("--out", Arity.Value)], "--from"),
        new("played", [("--to", Arity.Value), ("--message", Arity.Value)], "--to", "--message"),
        new("receive", [(Json, Arity.Flag), ("--wait", Arity.Value), ("--count", Arity.Value), ("--envelopes", Arity.Flag), ("--no-receipts", Arity.Flag), ("--mark-read", Arity.Flag)]),
        new("read", [("--ids", Arity.List), ("--all", Arity.Flag)]),
        new("report", [("--from", Arity.Value), ("--message", Arity.Value), ("--with-content", Arity.Flag)], "--from"),
        new("block", [("--number", Arity.Value)]),
        new("unblock", [("--number", Arity.Value)], "--number"),
        new("safety-number", [("--with", Arity.Value), (Json, Arity.Flag)], "--with"),
        new("status", [(Json, Arity.Flag)]),
    ];

    private CommandSyntax(string name, (string Name, Arity Arity)[] options, params string[] required)
    {
        Name = name;
        Required = required;
        Options = options
            .Append(("--transport", Arity.Value))
            .Append(("--state", Arity.Value))
            .Append(("--passphrase-env", Arity.Value))
            .Append((Help, Arity.Flag))
            .ToDictionary(option => option.Item1, option => option.Item2, StringComparer.Ordinal);
    }

    internal string Name { get; }

    internal IReadOnlyList<string> Required { get; }

    /// <summary>Exactly one of these has to be there; none when it is empty.</summary>
    internal IReadOnlyList<string> OneOf { get; private init; } = [];

    internal IReadOnlyDictionary<string, Arity> Options { get; }

    internal static CommandSyntax? Find(string name) => Array.Find(All, syntax => syntax.Name == name);
}
