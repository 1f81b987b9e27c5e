using System.Text.RegularExpressions;
using Relay.LocalHost;

namespace Relay.Tests.Isolation;

/// <summary>A request to one function with a kind of id at each place where one may stand.</summary>
internal sealed partial record MatrixRequest(string Function, IsolationCall Call, string Path)
{
    /// <summary>The kinds, in the order of path, query, header and body; those of the caller's own world (its callback, its key pair) are no places.</summary>
    public IReadOnlyList<string> Places { get; } =
    [
        .. PlaceOf().Matches(string.Join(' ', Path, Call.Query, Call.Key, Call.Body)).Select(match => match.Groups[1].Value)
            .Where(kind => kind is not ("callback" or "callback_url" or "verify_token" or "public_key")),
    ];

    public bool IsVersioned => !Function.EndsWith("Unversioned", StringComparison.Ordinal);

    /// <summary>Whether its owner would lose something by it that another request asks for.</summary>
    public bool IsDestructive => Call.Verb == "DELETE" || Function.StartsWith("Deregister", StringComparison.Ordinal) || Function.StartsWith("BlockUsers", StringComparison.Ordinal);

    /// <summary>One for each kind of node where the route takes several.</summary>
    public static IEnumerable<MatrixRequest> Of(HttpFunction function, IsolationCall call)
    {
        IEnumerable<string> paths = [function.Route];
        foreach (Match match in ParameterOf().Matches(function.Route))
        {
            string parameter = match.Groups[1].Value;
            string[] kinds = IdKinds.Fixed.TryGetValue(parameter, out string? always) ? [always]
                : parameter == "nodeId" && call.Nodes.Length > 0 ? [.. call.Nodes.Select(kind => $"<{kind}>")]
                : [.. IdKinds.OfParameter[parameter].Select(kind => $"<{kind}>")];
            paths = [.. paths.SelectMany(path => kinds.Select(kind => path.Replace(match.Value, kind, StringComparison.Ordinal)))];
        }

        return paths.Select(path => new MatrixRequest(function.Name, call, path));
    }

    /// <summary>Each place by itself, and all together; an operator may name every business.</summary>
    public IEnumerable<IReadOnlyList<int>> Choices()
    {
        int[] places = [.. Enumerable.Range(0, Places.Count).Where(place => Call.Caller != IsolationCalls.Operator || Places[place] != IdKinds.Business)];
        return places.Length > 1 && !Call.OneAtATime ? [.. places.Select(place => (int[])[place]), places] : places.Select(place => (int[])[place]);
    }

    /// <summary>With the caller's own ids but at some places.</summary>
    public FilledRequest Fill(IReadOnlyDictionary<string, string> own, IReadOnlyList<int> places, IReadOnlyDictionary<string, string> others)
    {
        int place = -1;
        string Next(string text, bool escapes) => PlaceOf().Replace(text, match =>
        {
            string kind = match.Groups[1].Value;
            bool isPlace = kind is not ("callback" or "callback_url" or "verify_token" or "public_key");
            string value = isPlace && places.Contains(++place) ? others[kind] : own[kind];
            return escapes ? Uri.EscapeDataString(value) : value;
        });

        string path = Next(Path, escapes: true);
        string query = Next(Call.Query, escapes: true);
        string? key = Call.Key is null ? null : Next(Call.Key, escapes: false);
        string? body = Call.Body is null ? null : Next(Call.Body, escapes: false);
        return new FilledRequest(query.Length == 0 ? path : $"{path}?{query}", key, body);
    }

    public override string ToString() => $"{Call.Verb} {Path}{(Call.Query.Length == 0 ? "" : "?" + Call.Query)} {Call.Key}{Call.Body} as {Call.Caller} ({Function})";

    [GeneratedRegex(@"\{\*?(\w+)(?::[^{}]*)?\}")]
    internal static partial Regex ParameterOf();

    [GeneratedRegex(@"<(\w+)>")]
    private static partial Regex PlaceOf();
}

/// <summary>With ids in it.</summary>
internal sealed record FilledRequest(string Target, string? Key, string? Body);
