using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Tests.Support;

namespace Relay.Tests.Integrity;

/// <summary>A business behind the front door with a webhook of its own: what it was told, and what the transport counted of it.</summary>
internal sealed class JudgedBusiness(TestRelay relay, WebhookReceiver receiver, TestBusiness business) : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    public TestRelay Relay { get; } = relay;

    public TestBusiness Business { get; } = business;

    public IServiceProvider Services => Relay.Local.Services;

    /// <summary>What it was told of its messages, in the order in which it came.</summary>
    public IEnumerable<JsonElement> Statuses =>
        from delivery in receiver.Deliveries where delivery.Value.TryGetProperty("statuses", out _) select delivery.StatusUpdate;

    public IEnumerable<JsonElement> Failed => Statuses.Where(status => TestRelay.Text(status, "status") == "failed");

    public static async Task<JudgedBusiness> StartAsync(LocalRelayOptions? options = null)
    {
        WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestRelay relay = await TestRelay.StartAsync(options);
        return new JudgedBusiness(relay, receiver, await relay.BusinessAsync(receiver));
    }

    /// <summary>What it was told of one message.</summary>
    public string[] StatusesOf(string messageId) =>
        [.. from status in Statuses where TestRelay.Text(status, "id") == messageId select TestRelay.Text(status, "status")];

    /// <summary>Users that it messaged outside of service windows.</summary>
    public async Task<long> UsedAsync() => (await Services.GetRequiredService<RecipientWindows>().CountAsync(Business.Id, None)).Users;

    /// <summary>Users that complained about it today.</summary>
    public async Task<long> ComplainersAsync() => (await Services.GetRequiredService<SketchStore>().FindAsync(
        Business.Id, SketchStore.RowKey(SketchKind.Complained, UtcDay.Today(Relay.Local.Options.Time)), None)).Sketch.Count;

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        await receiver.DisposeAsync();
    }
}
