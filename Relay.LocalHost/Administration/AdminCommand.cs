using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Shared.Primitives;

namespace Relay.LocalHost.Administration;

/// <summary><c>./relay admin</c>: the admin API of a running Relay from a terminal. The credential comes from the environment, where no list of processes shows it.</summary>
internal static class AdminCommand
{
    internal const string TokenVariable = "RELAY_ADMIN_TOKEN";

    private const string DefaultUrl = "http://127.0.0.1:7071";

    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> RunAsync(
        string[] arguments, Func<string, string?> environment, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        List<string> rest = [.. arguments];
        bool isJson = rest.Remove("--json");
        if (rest.Remove("--help") || rest.Remove("-h") || rest is [] or ["help"])
        {
            await output.WriteLineAsync(Help(rest.FirstOrDefault(word => word != "help")));
            return 0;
        }

        if (!TryTakeUrl(rest, out Uri? url))
        {
            return await WrongAsync(errors, "--url takes an http or https address", null);
        }

        AdminVerb? verb = rest is [var group, var name, ..] ? AdminVerbs.All.FirstOrDefault(one => one.Group == group && one.Name == name) : null;
        if (verb is null)
        {
            return await WrongAsync(errors, $"there is no '{string.Join(' ', rest.Take(2))}' here", rest[0]);
        }

        (AdminRequest? request, string? mistake) = AdminRequest.Read(verb, rest[2..], environment);
        if (request is null)
        {
            return await WrongAsync(errors, $"{mistake}: relay admin {verb.Usage}", null);
        }

        if (environment(TokenVariable) is not { Length: > 0 } token)
        {
            return await WrongAsync(errors, $"{TokenVariable} is not set: the admin token, a person's key, or an Entra access token", null);
        }

        return await CallAsync(request, url, new Secret(token), isJson, output, errors, cancellationToken);
    }

    private static async Task<int> CallAsync(
        AdminRequest request, Uri url, Secret token, bool isJson, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        using HttpClient http = new();
        try
        {
            JsonObject answer = await new AdminConnection(http, url, token).CallAsync(request, cancellationToken);
            if (request.Keys is { } keys)
            {
                ReportContents.Open(answer, keys);
            }

            await output.WriteLineAsync(isJson ? answer.ToJsonString(s_readable) : AdminTable.Of(answer, request.Verb.Columns));
            return 0;
        }
        catch (AdminRefusedException refused)
        {
            await errors.WriteLineAsync($"relay: {refused.Message}");
            return 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await errors.WriteLineAsync($"relay: {url} can't be reached: {e.Message}");
            return 1;
        }
        finally
        {
            foreach (ReportKeyFile key in request.Keys ?? [])
            {
                key.Dispose();
            }
        }
    }

    private static bool TryTakeUrl(List<string> rest, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? url)
    {
        string text = DefaultUrl;
        int at = rest.IndexOf("--url");
        if (at >= 0)
        {
            text = at + 1 < rest.Count ? rest[at + 1] : string.Empty;
            rest.RemoveRange(at, Math.Min(2, rest.Count - at));
        }

        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out url) && url.Scheme is "http" or "https";
    }

    private static async Task<int> WrongAsync(TextWriter errors, string what, string? group)
    {
        await errors.WriteLineAsync($"relay: {what}");
        if (group is not null)
        {
            await errors.WriteLineAsync(Help(group));
        }

        return 2;
    }

    /// <summary>Of a group, or of everything.</summary>
    private static string Help(string? group)
    {
        AdminVerb[] verbs = [.. AdminVerbs.All.Where(verb => verb.Group == group)];
        verbs = verbs.Length > 0 ? verbs : [.. AdminVerbs.All];
        return string.Join(Environment.NewLine, verbs.Select(verb => $"  relay admin {verb.Usage}{Environment.NewLine}      {verb.Help}")) + Environment.NewLine + $"""

              --url URL   the Relay; {DefaultUrl} unless given
              --json      the answer as JSON, a list whole

            {TokenVariable} holds the admin token, a person's key, or an Entra access token. Times are in UTC.
            Ends 0 when it was done, 1 when Relay refused it or can't be reached, 2 when it was called wrongly.
            """;
    }
}
