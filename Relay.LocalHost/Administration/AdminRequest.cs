using System.Globalization;
using System.Text.Json.Nodes;

namespace Relay.LocalHost.Administration;

/// <summary>What a command line asks of the admin API.</summary>
/// <param name="Verb">What.</param>
/// <param name="Path">Below <c>/relay/v1/admin/</c>, escaped.</param>
/// <param name="Query">Without <c>?</c>; empty for none.</param>
/// <param name="Body">Null for a request without one.</param>
internal sealed record AdminRequest(AdminVerb Verb, string Path, string Query, JsonObject? Body)
{
    /// <summary>What opens the reports of the answer; null for an answer without any.</summary>
    internal IReadOnlyList<ReportKeyFile>? Keys { get; private init; }

    /// <summary>The request, or what is wrong with the command line.</summary>
    internal static (AdminRequest? Request, string? Mistake) Read(AdminVerb verb, IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        string path = verb.Path;
        List<string> query = [];
        JsonObject body = [];
        List<ReportKeyFile>? keys = verb.Options.Any(one => one.Kind == ValueKind.KeyFiles) ? [] : null;
        Queue<string> given = new(arguments);
        foreach (AdminArgument argument in verb.Arguments)
        {
            string? text = argument.Variable is { } variable ? environment(variable) : given.TryDequeue(out string? next) && !IsOption(next) ? next : null;
            if (text is not { Length: > 0 })
            {
                return (null, argument.Variable is null ? $"{argument.Label} is missing" : $"{argument.Variable} is not set");
            }

            string place = $"{{{argument.Name}}}";
            if (path.Contains(place, StringComparison.Ordinal))
            {
                path = path.Replace(place, Uri.EscapeDataString(text), StringComparison.Ordinal);
            }
            else if (!TryPut(body, query, keys, argument, text))
            {
                return (null, $"{argument.Label} is not right");
            }
        }

        while (given.TryDequeue(out string? name))
        {
            AdminArgument? option = verb.Options.FirstOrDefault(one => "--" + one.Name == name);
            string? text = option is { Kind: not ValueKind.Flag } && given.TryDequeue(out string? value) ? value : null;
            if (option is null || (option.Kind != ValueKind.Flag && text is null) || !TryPut(body, query, keys, option, text ?? string.Empty))
            {
                return (null, option is null ? $"'{name}' is not an option here" : $"the value of {name} is not right");
            }
        }

        foreach ((string member, JsonNode value) in verb.Sets)
        {
            body[member] = value.DeepClone();
        }

        bool hasBody = verb.Method == HttpMethod.Post || verb.Method == HttpMethod.Put;
        return (new AdminRequest(verb, path, string.Join('&', query), hasBody ? body : null) { Keys = keys }, null);
    }

    public override string ToString() => nameof(AdminRequest);

    private static bool IsOption(string text) => text.StartsWith("--", StringComparison.Ordinal);

    private static bool TryPut(JsonObject body, List<string> query, List<ReportKeyFile>? keys, AdminArgument argument, string text)
    {
        if (argument.Kind == ValueKind.KeyFiles)
        {
            ReportKeyFile?[] read = [.. Split(text).Select(ReportKeyFile.Read)];
            keys?.AddRange(read.OfType<ReportKeyFile>());
            return read.Length > 0 && !read.Contains(null);
        }

        if (argument.Kind == ValueKind.Query)
        {
            query.Add($"{argument.Member}={Uri.EscapeDataString(text)}");
            return true;
        }

        JsonNode? value = argument.Kind switch
        {
            ValueKind.Number => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null,
            ValueKind.List => new JsonArray([.. Split(text).Select(one => JsonValue.Create(one))]),
            ValueKind.Roles => new JsonArray([.. Split(text).Select(Role)]),
            ValueKind.Time => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time.ToUnixTimeSeconds() : null,
            ValueKind.Flag => true,
            ValueKind.PublicKey => PublicKey(text),
            _ => text,
        };
        body[argument.Member] = value;
        return value is not null;
    }

    private static string? PublicKey(string path)
    {
        using ReportKeyFile? file = ReportKeyFile.ReadOrCreate(path);
        return file is null ? null : Convert.ToBase64String(file.PublicKey);
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static JsonNode Role(string text) => text.Split(':') is [var role, var business]
        ? new JsonObject { ["role"] = role.ToUpperInvariant(), ["business_id"] = business }
        : new JsonObject { ["role"] = text.ToUpperInvariant() };
}
