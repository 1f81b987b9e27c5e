using System.Net;
using System.Text;
using Relay.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Relay.Tests.Simulation;

/// <summary>
/// An hour without one of the things that the relay depends on, under traffic, and in its middle all workers start again: what was accepted
/// comes, before and during it; what was not accepted was answered with 503.
/// </summary>
public sealed class OutageTests(ITestOutputHelper output)
{
    private static readonly ulong[] Seeds = [1, 2, 3];

    [Fact]
    public Task An_hour_without_tables_loses_nothing() => RunAsync(Outage.Tables, acceptsWarm: null, acceptsCold: false);

    [Fact]
    public Task An_hour_without_queues_loses_nothing() => RunAsync(Outage.Queues, acceptsWarm: false, acceptsCold: false);

    [Fact]
    public Task An_hour_without_any_storage_loses_nothing() => RunAsync(Outage.TablesAndQueues, acceptsWarm: false, acceptsCold: false);

    /// <summary>Keys that were unwrapped before serve; who has none yet accepts nothing, and nobody writes anything unsealed.</summary>
    [Fact]
    public Task An_hour_without_the_vault_loses_nothing_and_writes_nothing_unsealed() => RunAsync(Outage.Vault, acceptsWarm: true, acceptsCold: false);

    [Fact]
    public Task An_hour_without_the_transport_loses_nothing() => RunAsync(Outage.Transport, acceptsWarm: true, acceptsCold: true);

    [Fact]
    public Task An_hour_without_the_businesss_endpoint_loses_nothing() => RunAsync(Outage.Endpoint, acceptsWarm: true, acceptsCold: true);

    private async Task RunAsync(Outage outage, bool? acceptsWarm, bool acceptsCold)
    {
        PreparedParties parties = await PreparedParties.Shared;
        int[] accepted = new int[3];
        foreach (ulong seed in Seeds)
        {
            OutageResult result = Simulation.Run(parties, seed, outage);
            Findings.None(result.Run.IsClean ? [] : [result.Run.Report()]);
            Assert.DoesNotContain(result.Stored, IsClear);
            Assert.All(result.Answers, answers => Assert.All(answers, answer => Assert.True(
                answer is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests, $"{answer}")));
            for (int part = 0; part < accepted.Length; part++)
            {
                accepted[part] += result.Answers[part].Count(answer => answer == HttpStatusCode.OK);
            }

            if (!acceptsCold)
            {
                Assert.Contains(HttpStatusCode.ServiceUnavailable, result.Answers[2]);
            }
        }

        output.WriteLine($"{outage}: {accepted[0]} accepted before, {accepted[1]} with warm workers, {accepted[2]} with workers that started during it.");
        Assert.NotEqual(0, accepted[0]);

        // Null: whether what a worker needs is still cached is left to the seed.
        Assert.Equal(acceptsWarm ?? accepted[1] > 0, accepted[1] > 0);
        Assert.Equal(acceptsCold, accepted[2] > 0);
    }

    /// <summary>Whether a line of a storage dump holds a text as it is, in hexadecimal or in base64 at any offset.</summary>
    private static bool IsClear(string line) => ((string[])["business text", "user text"]).Any(text =>
        line.Contains(text, StringComparison.Ordinal)
        || line.Contains(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal)
        || Enumerable.Range(0, 3).Any(offset => line.Contains(Base64Within(text, offset), StringComparison.Ordinal)));

    private static string Base64Within(string text, int offset) =>
        Convert.ToBase64String([.. new byte[offset], .. Encoding.UTF8.GetBytes(text)])[(offset == 0 ? 0 : 4)..^4];
}
