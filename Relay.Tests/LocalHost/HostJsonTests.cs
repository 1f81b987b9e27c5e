using Relay.LocalHost;
using Xunit;

namespace Relay.Tests.LocalHost;

public sealed class HostJsonTests
{
    [Fact]
    public void The_repositorys_own_file_says_what_Azure_will_read()
    {
        var settings = HostJson.Load(Path.Combine(AppContext.BaseDirectory, "host.json"));

        Assert.Equal("", settings.RoutePrefix);
        Assert.Equal(new QueueSettings(32, 16, 10, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(2)), settings.Queues);
    }

    [Fact]
    public void What_is_absent_has_the_Functions_hosts_defaults()
    {
        var settings = Load("""{ /* a comment */ "extensions": { "queues": { "messageEncoding": "none", } } }""");

        Assert.Equal("api", settings.RoutePrefix);
        Assert.Equal(new QueueSettings(16, 8 * Environment.ProcessorCount, 5, TimeSpan.Zero, TimeSpan.FromMinutes(1)), settings.Queues);
    }

    [Theory]
    [InlineData("""{ }""", "messageEncoding")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "base64" } } }""", "messageEncoding")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "none", "batchSize": 33 } } }""", "batchSize")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "none", "batchSize": "8" } } }""", "batchSize")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "none", "newBatchThreshold": -1 } } }""", "newBatchThreshold")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "none", "maxDequeueCount": 0 } } }""", "maxDequeueCount")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "none", "visibilityTimeout": "soon" } } }""", "visibilityTimeout")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "none", "visibilityTimeout": "-00:00:01" } } }""", "visibilityTimeout")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "none", "maxPollingInterval": "00:00:00.010" } } }""", "maxPollingInterval")]
    public void A_wrong_setting_is_named(string json, string setting)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Load(json));

        Assert.Contains(setting, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_pause_between_looks_doubles_up_to_its_bound_and_starts_again()
    {
        var interval = new PollingInterval(TimeSpan.FromMilliseconds(500));

        Assert.Equal([100, 200, 400, 500, 500], Enumerable.Range(0, 5).Select(_ => interval.Next().TotalMilliseconds));
        interval.Reset();
        Assert.Equal(100, interval.Next().TotalMilliseconds);
    }

    private static HostJson Load(string json)
    {
        var file = Path.Combine(Path.GetTempPath(), $"relay-host-{Guid.NewGuid():N}.json");
        File.WriteAllText(file, json);
        try
        {
            return HostJson.Load(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
