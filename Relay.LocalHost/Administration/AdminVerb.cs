using System.Text.Json.Nodes;

namespace Relay.LocalHost.Administration;

/// <summary>One thing that <c>./relay admin</c> does: a request of the admin API and how its answer is shown.</summary>
/// <param name="Group">The first word.</param>
/// <param name="Name">The second.</param>
/// <param name="Method">Of HTTP.</param>
/// <param name="Path">Below <c>/relay/v1/admin/</c>; a place in braces takes the argument of that name.</param>
/// <param name="Help">What it does.</param>
internal sealed record AdminVerb(string Group, string Name, HttpMethod Method, string Path, string Help)
{
    /// <summary>In the order in which they stand. What has no place in the path is a member of the body.</summary>
    public IReadOnlyList<AdminArgument> Arguments { get; init; } = [];

    /// <summary>What may be given besides, by name.</summary>
    public IReadOnlyList<AdminArgument> Options { get; init; } = [];

    /// <summary>What the body says besides, whatever is given.</summary>
    public IReadOnlyList<(string Member, JsonNode Value)> Sets { get; init; } = [];

    /// <summary>The members that a list shows, in their order; all when empty.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>A line of the help.</summary>
    public string Usage => $"{Group} {Name}{string.Concat(Arguments.Select(one => $" {one.Label}"))}{string.Concat(Options.Select(one => $" [--{one.Name}{(one.Kind == ValueKind.Flag ? string.Empty : $" {one.Label}")}]"))}";

    public override string ToString() => $"{Group} {Name}";
}

/// <summary>How the text of an argument becomes JSON.</summary>
internal enum ValueKind
{
    Text,
    Number,

    /// <summary>Separated by commas.</summary>
    List,

    /// <summary><c>ROLE</c> or <c>ROLE:BUSINESS</c>, separated by commas.</summary>
    Roles,

    /// <summary>A day or a time in UTC, as Unix seconds.</summary>
    Time,

    /// <summary>There or not.</summary>
    Flag,

    /// <summary>A parameter of the query.</summary>
    Query,

    /// <summary>A file with the key that opens reports, made unless it is there; its public key goes into the body.</summary>
    PublicKey,

    /// <summary>Files with keys that open reports, separated by commas; nothing of them leaves.</summary>
    KeyFiles,
}

/// <param name="Name">Its place in the path, its member in the body, or the option without <c>--</c>.</param>
/// <param name="Label">As the help shows it.</param>
/// <param name="Kind">How it is read.</param>
internal sealed record AdminArgument(string Name, string Label, ValueKind Kind = ValueKind.Text)
{
    /// <summary>The member of the body.</summary>
    public string Member { get; init; } = Name;

    /// <summary>The environment variable that holds it: for what must stand in no list of processes.</summary>
    public string? Variable { get; init; }

    public override string ToString() => Label;
}
