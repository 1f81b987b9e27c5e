using System.Globalization;
using Relay.LocalHost;
using Relay.Shared.Hosting;
using Relay.Shared.Webhooks;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

public sealed class TwoWorkersInMemoryTests : TwoWorkersTests
{
    private protected override async Task<(TestRelay, TestRelay)> StartAsync(LocalRelayOptions options)
    {
        MemoryAccount relay = new(options.Time);
        MemoryAccount transport = new(options.Time);
        LocalRelayOptions shared = options with
        {
            RelayStorage = new(relay.Tables, relay.Queues, relay.Blobs),
            TransportStorage = new(transport.Tables, transport.Queues, transport.Blobs),
        };
        return (await TestRelay.StartAsync(shared), await TestRelay.StartAsync(shared));
    }
}

[Collection(nameof(AzuriteCollection))]
public sealed class TwoWorkersOnAzuriteTests : TwoWorkersTests
{
    private protected override async Task<(TestRelay, TestRelay)> StartAsync(LocalRelayOptions options) =>
        (await TestRelay.OnAzuriteAsync(options), await TestRelay.OnAzuriteAsync(options));
}

/// <summary>Two instances work on one conversation at the same moment: compare-and-swap keeps its ratchet one.</summary>
public abstract class TwoWorkersTests
{
    private const int Count = 20;
    private const int MaxRounds = 200;

    private protected abstract Task<(TestRelay First, TestRelay Second)> StartAsync(LocalRelayOptions options);

    [Fact]
    public async Task Nothing_is_lost_and_no_key_is_used_twice()
    {
        using RatchetOracle oracle = new(OutgoingHttp.CreateTransportHandler());
        using OutgoingHttp outgoing = new(new HttpClient(oracle), new HttpMessageInvoker(WebhookClient.CreateHandler(new PublicConnect(allowLoopback: true))));
        (TestRelay first, TestRelay second) = await StartAsync(new LocalRelayOptions { OutgoingHttp = outgoing });
        await using TestRelay firstEnds = first;
        await using TestRelay secondEnds = second;
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await first.BusinessAsync(receiver);
        using TestDevice device = await first.DeviceAsync();

        List<string?> shown = [];
        Task sending = Task.WhenAll(SendAsync(business, device), UserSendsAsync(business, device));
        for (int round = 0; round < MaxRounds && !(sending.IsCompleted && receiver.Told().Distinct().Count() >= Count * 3); round++)
        {
            await Task.WhenAll(first.DrainAsync(), second.DrainAsync());
            shown.AddRange((await device.ReceiveAsync()).Select(message => message.Text));
        }

        await sending;
        Assert.Empty(oracle.Violations);
        Assert.Equal(Texts("business"), shown.Order(StringComparer.Ordinal));
        IReadOnlyList<string> told = [.. receiver.Told().Distinct()];
        Assert.Equal(Count, told.Count(one => one.StartsWith("sent:", StringComparison.Ordinal)));
        Assert.Equal(Count, told.Count(one => one.StartsWith("delivered:", StringComparison.Ordinal)));
        Assert.Equal(
            Texts("user"),
            receiver.Deliveries.Where(delivery => delivery.IsMessage).DistinctBy(delivery => delivery.Summary)
                .Select(delivery => TestRelay.Text(delivery.Message.GetProperty("text"), "body")).Order(StringComparer.Ordinal));
        Assert.Empty(first.Faults.Concat(second.Faults));
    }

    private static IEnumerable<string> Texts(string from) =>
        Enumerable.Range(0, Count).Select(i => $"{from} {i.ToString("D2", CultureInfo.InvariantCulture)}");

    private static async Task SendAsync(TestBusiness business, TestDevice device)
    {
        foreach (string text in Texts("business"))
        {
            await business.SendTextAsync(device.Number, text);
        }
    }

    private static async Task UserSendsAsync(TestBusiness business, TestDevice device)
    {
        foreach (string text in Texts("user"))
        {
            await device.SendAsync(business.Number, text);
        }
    }
}
