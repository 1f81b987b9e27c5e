using System.Net;
using System.Text.Json;
using Xunit;

namespace Relay.Tests.Support;

/// <summary>Reads the answers of the Graph-shaped API.</summary>
internal static class GraphAnswers
{
    /// <summary>The answer of a call that must succeed.</summary>
    public static async Task<JsonElement> OkAsync(this Task<(HttpStatusCode Status, JsonElement Answer)> call)
    {
        (HttpStatusCode status, JsonElement answer) = await call;
        Assert.True(status == HttpStatusCode.OK, $"{(int)status} {answer}");
        return answer;
    }

    /// <summary>The details of a call that must fail with a code.</summary>
    public static async Task<string> FailsAsync(this Task<(HttpStatusCode Status, JsonElement Answer)> call, int code, int? subcode = null)
    {
        (HttpStatusCode status, JsonElement answer) = await call;
        Assert.True(status != HttpStatusCode.OK, $"{(int)status} {answer}");
        JsonElement error = answer.GetProperty("error");
        Assert.True(code == error.GetProperty("code").GetInt32(), answer.ToString());
        Assert.Equal(subcode, error.TryGetProperty("error_subcode", out JsonElement sub) ? sub.GetInt32() : null);
        return TestRelay.Text(error.GetProperty("error_data"), "details");
    }

    public static string[] Names(this JsonElement node) => [.. node.EnumerateObject().Select(member => member.Name)];

    public static JsonElement[] Items(this JsonElement list) => [.. list.GetProperty("data").EnumerateArray()];
}
