using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Shared.Primitives;

namespace Relay.LocalHost.Administration;

/// <summary>Calls the admin API of a running Relay; follows a list to its end.</summary>
internal sealed class AdminConnection(HttpClient http, Uri url, Secret token)
{
    private const int MaxPages = 100_000;

    /// <exception cref="AdminRefusedException">Relay refused it.</exception>
    internal async Task<JsonObject> CallAsync(AdminRequest request, CancellationToken cancellationToken)
    {
        JsonObject answer = await CallAsync(request, after: null, cancellationToken);
        if (request.Verb.Method != HttpMethod.Get || answer["data"] is not JsonArray all)
        {
            return answer;
        }

        for (int page = 1; page < MaxPages && answer["next"] is JsonValue next; page++)
        {
            JsonObject more = await CallAsync(request, next.ToString(), cancellationToken);
            foreach (JsonNode? item in more["data"] as JsonArray ?? [])
            {
                all.Add(item?.DeepClone());
            }

            answer["next"] = more["next"]?.DeepClone();
        }

        answer.Remove("next");
        return answer;
    }

    private async Task<JsonObject> CallAsync(AdminRequest asked, string? after, CancellationToken cancellationToken)
    {
        string query = string.Join('&', new[] { asked.Query, after is null ? string.Empty : "after=" + Uri.EscapeDataString(after) }.Where(part => part.Length > 0));
        using HttpRequestMessage request = new(asked.Verb.Method, new Uri(url, $"relay/v1/admin/{asked.Path}{(query.Length > 0 ? "?" + query : string.Empty)}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        if (asked.Body is { } body)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        JsonObject? answer = Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return response.IsSuccessStatusCode && answer is not null
            ? answer
            : throw new AdminRefusedException(answer?["error"]?["error_data"]?["details"]?.ToString() is { } details
                ? $"{details} (code {answer["error"]?["code"]}, {(int)response.StatusCode})"
                : $"Relay answered {(int)response.StatusCode}.");
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Relay said no; the message is what it said.</summary>
internal sealed class AdminRefusedException(string message) : Exception(message);
