using System.Net;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.Readiness;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Xunit;

namespace Relay.Tests.Telemetry;

/// <summary>Ready is what can work; what can't says which dependency is away, is asked seldom and waits for nobody.</summary>
public sealed class ReadinessTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("relay/v1/ready")]
    [InlineData("transport/v1/ready")]
    public async Task A_role_whose_dependencies_answer_is_ready(string route)
    {
        await using LocalRelay relay = await LocalRelay.StartAsync(new LocalRelayOptions(), CancellationToken.None);
        Assert.Equal((HttpStatusCode.OK, """{"status":"ready"}"""), await GetAsync(relay, route));
    }

    [Fact]
    public async Task One_role_without_its_storage_leaves_the_other_ready()
    {
        await using LocalRelay relay = await LocalRelay.StartAsync(
            new LocalRelayOptions { RunPumps = false, RelayStorage = new RelayStorage(new MemoryTableStore(), new MemoryQueueStore(TimeProvider.System), new AwayBlobs()) }, CancellationToken.None);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"not_ready","away":["blobs"]}"""), await GetAsync(relay, "relay/v1/ready"));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(relay, "transport/v1/ready")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(relay, "relay/v1/health")).Status);
    }

    [Fact]
    public async Task What_does_not_answer_is_away_after_three_seconds_and_asked_again_after_five()
    {
        HangingBlobs blobs = new();
        RelayStorage storage = new(new MemoryTableStore(), new MemoryQueueStore(_time), blobs);
        await storage.Tables.EnsureTablesAsync(TableNames.OfRelay, CancellationToken.None);
        await storage.Queues.EnsureQueuesAsync(QueueNames.OfRelay, CancellationToken.None);
        RelayReadiness readiness = new(storage, RelayAccounts.OpenKeys(storage, new LocalKeyWrapper(LocalKeyFile.InMemory()), _time, "r"), _time);

        Task<IReadOnlyList<Dependency>> first = readiness.ExecuteAsync(CancellationToken.None);
        Task<IReadOnlyList<Dependency>> second = readiness.ExecuteAsync(CancellationToken.None);
        Assert.False(first.IsCompleted);
        _time.Advance(AskDependencies.Budget);
        Assert.Equal([Dependency.Blobs], await first);
        Assert.Equal([Dependency.Blobs], await second);
        Assert.Equal(1, blobs.Asked);

        blobs.Answers = true;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([Dependency.Blobs], await readiness.ExecuteAsync(CancellationToken.None));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await readiness.ExecuteAsync(CancellationToken.None));
        Assert.Equal(2, blobs.Asked);
    }

    [Fact]
    public async Task Each_dependency_has_its_name()
    {
        RelayStorage storage = new(new MemoryTableStore(), new MemoryQueueStore(_time), new AwayBlobs());
        RelayReadiness readiness = new(storage, RelayAccounts.OpenKeys(storage, new AwayWrapper(), _time, "r"), _time);

        // No table and no queue was made.
        Assert.Equal([Dependency.Tables, Dependency.Queues, Dependency.Blobs, Dependency.Vault], await readiness.ExecuteAsync(CancellationToken.None));
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(LocalRelay relay, string route)
    {
        using HttpClient http = new();
        using HttpResponseMessage response = await http.GetAsync(new Uri(relay.BaseAddress, route));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
