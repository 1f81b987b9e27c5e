using System.Reflection;
using Relay.Fuzz;
using Relay.Fuzz.Judging;
using Relay.Fuzz.Mutating;
using Relay.Fuzz.Wire;
using Relay.LocalHost;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Fuzzing;

/// <summary>The HTTP surface under requests that nobody sends; <c>./relay fuzz</c> sends more of them.</summary>
[Collection(nameof(AloneCollection))]
public sealed class FuzzTests
{
    [Fact]
    public async Task Three_thousand_changed_requests_are_answered_in_time_without_5xx_and_refusals_store_nothing()
    {
        FuzzReport report = await new FuzzRun(new FuzzOptions { Requests = 3_000, Seed = 1 }, TextWriter.Null).RunAsync(CancellationToken.None);
        Findings.None(report.Findings.Select(finding => finding.ToString()));
        Findings.None(HttpFunctions().Except(report.Functions.Keys));

        // It got further than to the door, often.
        Assert.InRange(report.Answers.Where(answer => answer.Key == 200).Sum(answer => answer.Value), 300, 3_000);
        Assert.InRange(report.Answers.Where(answer => answer.Key is >= 400 and < 500).Sum(answer => answer.Value), 1_000, 3_000);
    }

    [Fact]
    public void The_same_seed_and_index_make_the_same_request()
    {
        FuzzRequest seed = new()
        {
            Function = "SendMessage",
            Method = "POST",
            Target = "/v25.0/1/messages?a=b",
            Headers = [("Authorization", "Bearer x"), ("Content-Type", "application/json")],
            Body = """{"to":"491511234567","text":{"body":"Hello"}}"""u8.ToArray(),
        };
        Mutator mutator = new(["id"]);
        string[] once = [.. Enumerable.Range(0, 500).Select(index => Convert.ToHexString(mutator.Make(seed, new Draw(7, index)).Encode("relay")))];
        string[] again = [.. Enumerable.Range(0, 500).Reverse().Select(index => Convert.ToHexString(mutator.Make(seed, new Draw(7, index)).Encode("relay"))).Reverse()];
        Assert.Equal(once, again);
        Assert.InRange(once.Distinct().Count(), 400, 500);
    }

    [Theory]
    [InlineData(500, "", "", "answered 500")]
    [InlineData(503, "", "", "answered 503")]
    [InlineData(400, "table tokens Insert", "", "answered 400 and stored: table tokens Insert")]
    [InlineData(400, "", "{}", "answered 400 without an error object")]
    [InlineData(400, "", """{"error":{}}""", "")]
    [InlineData(200, "queue outbound", "{}", "")]
    public void What_is_wrong_is_found(int status, string write, string body, string found)
    {
        RawAnswer answer = new(status, ["Content-Type: application/json"]) { Body = System.Text.Encoding.UTF8.GetBytes(body) };
        Assert.Equal(found, string.Join(';', Judge.Find("SendMessage", answer, write.Length == 0 ? [] : [write])));
    }

    [Fact]
    public void A_connection_that_ends_is_found_and_what_was_taken_away_again_is_none()
    {
        Assert.Single(Judge.Find("SendMessage", null, []));
        WriteLog log = new();
        log.Add("numbers", "a/1", Relay.Shared.Storage.TableWriteKind.Insert);
        log.Add("numbers", "a/2", Relay.Shared.Storage.TableWriteKind.Delete);
        log.Add("numbers", "a/1", Relay.Shared.Storage.TableWriteKind.Delete);
        Assert.Equal(["table numbers Delete"], log.Take());
    }

    private static IEnumerable<string> HttpFunctions() => FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes()).Http.Select(function => function.Name);
}
