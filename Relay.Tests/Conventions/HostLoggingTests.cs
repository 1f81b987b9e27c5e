using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>
/// The Functions host logs the addresses of requests at level Information (its trace middleware, its forwarder to the worker) and sends them as request
/// telemetry. A contact's number is part of an address, so host.json has it do neither.
/// </summary>
public sealed class HostLoggingTests
{
    /// <summary>Counts and durations by function, and nothing of a request.</summary>
    private const string Aggregates = "Host.Aggregator";

    /// <summary>The <c>fbtrace_id</c> of each refused request with its status and code (<c>TraceTests</c>), so that whoever quotes it can be answered.</summary>
    private const string Refusals = "Relay.Functions.Http.GraphResults";

    private static readonly string[] s_quiet = ["Warning", "Error", "Critical", "None"];

    private static readonly JsonElement s_logging = Read();

    [Fact]
    public void Nothing_below_a_warning_leaves_the_host_but_aggregates_and_refusals()
    {
        JsonElement levels = s_logging.GetProperty("logLevel");
        Assert.Contains(levels.GetProperty("default").GetString(), s_quiet);
        Findings.None(levels.EnumerateObject().Where(level => level.Name is not (Aggregates or Refusals) && !s_quiet.Contains(level.Value.GetString())).Select(level => level.Name));
    }

    [Fact]
    public void No_request_is_sent_as_telemetry() => Assert.Equal("None", s_logging.GetProperty("logLevel").GetProperty("Host.Results").GetString());

    [Theory]
    [InlineData("enableHttpTriggerExtendedInfoCollection")]
    [InlineData("enableW3CDistributedTracing")]
    [InlineData("enableResponseHeaderInjection")]
    public void Nothing_collects_what_is_known_of_requests(string option) =>
        Assert.False(s_logging.GetProperty("applicationInsights").GetProperty("httpAutoCollectionOptions").GetProperty(option).GetBoolean());

    [Fact]
    public void Nothing_collects_the_addresses_of_outgoing_calls_or_writes_files()
    {
        Assert.False(s_logging.GetProperty("applicationInsights").GetProperty("enableDependencyTracking").GetBoolean());
        Assert.Equal("never", s_logging.GetProperty("fileLoggingMode").GetString());
    }

    private static JsonElement Read()
    {
        using JsonDocument host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "host.json")));
        return host.RootElement.GetProperty("logging").Clone();
    }
}
