using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Accounts;
using Relay.Shared.Hosting;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Webhooks;
using Xunit;

namespace Relay.Tests.Support;

/// <summary>
/// A business whose callback is hostile and who has a good further subscriber, beside a business with a good endpoint; real sockets, a clock that only
/// the test moves, and a count of the bytes that Relay reads from endpoints.
/// </summary>
[SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handlers live as long as the world.")]
internal sealed class ChaosWorld : IAsyncDisposable
{
    private readonly SocketsHttpHandler _transport = OutgoingHttp.CreateTransportHandler();
    private long _read;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    public MemoryAccount Account { get; private set; } = null!;

    public TestRelay Relay { get; private set; } = null!;

    public HostileEndpoint Hostile { get; } = new();

    public WebhookReceiver Further { get; private set; } = null!;

    public WebhookReceiver Other { get; private set; } = null!;

    public TestBusiness Business { get; private set; } = null!;

    public TestBusiness Neighbour { get; private set; } = null!;

    /// <summary>What names resolve to.</summary>
    public Func<string, IPAddress[]> Resolve { get; set; } = _ => [];

    public long BytesRead => Interlocked.Read(ref _read);

    public PublicConnect Connect { get; private set; } = null!;

    public static async Task<ChaosWorld> StartAsync(Uri? callback = null)
    {
        ChaosWorld world = new();
        world.Account = new MemoryAccount(world.Time);
        world.Connect = new PublicConnect(allowLoopback: true, (host, _) => Task.FromResult(world.Resolve(host)));
        SocketsHttpHandler handler = WebhookClient.CreateHandler(world.Connect);
        handler.ConnectCallback = async (context, token) => new ReadCounter(
            await world.Connect.ConnectAsync(context.DnsEndPoint, token), count => Interlocked.Add(ref world._read, count));
        world.Relay = await TestRelay.StartAsync(new LocalRelayOptions
        {
            Time = world.Time,
            RelayStorage = new RelayStorage(world.Account.Tables, world.Account.Queues, world.Account.Blobs),
            OutgoingHttp = new OutgoingHttp(new HttpClient(world._transport), new HttpMessageInvoker(handler)),
        });
        world.Further = await WebhookReceiver.StartAsync();
        world.Other = await WebhookReceiver.StartAsync();
        world.Business = await world.Relay.BusinessAsync(null);
        world.Neighbour = await world.Relay.BusinessAsync(world.Other);
        await world.Business.AddSubscriberAsync(world.Further.Callback, world.Further.VerifyToken);
        if (callback is null)
        {
            await world.SetHostileAsync();
        }
        else
        {
            // What no handshake would let in: as if the name had changed hands since.
            SubscriptionStore store = world.Relay.Local.Services.GetService(typeof(SubscriptionStore)) as SubscriptionStore ?? throw new InvalidOperationException();
            await store.SaveAsync(BusinessId.Parse(world.Business.Id), new Subscription(callback, new Secret("token")), CancellationToken.None);
            world.Time.Advance(AccountDirectory.CacheLife);
        }

        world._read = 0;
        return world;
    }

    public Task SetHostileAsync() => Relay.AdminAsync(
        HttpMethod.Put, $"businesses/{Business.Id}/webhook", new { callback_url = Hostile.Callback.AbsoluteUri, verify_token = "token" });

    /// <summary>An event of either business.</summary>
    public async Task HappenAsync()
    {
        await Business.SendTextAsync(TestRelay.RandomNumber(), "To nobody");
        await Neighbour.SendTextAsync(TestRelay.RandomNumber(), "To nobody");
    }

    public async Task AdvanceAsync(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        await Relay.DrainAsync();
    }

    /// <summary>Whatever the hostile one did, the others were told, once.</summary>
    /// <param name="events">How much happened.</param>
    /// <param name="isClockMoved">Whether the test moved the clock while they may have been answering: that may end a call, which is then made again.</param>
    public void CheckOthers(int events = 1, bool isClockMoved = false)
    {
        int Count(WebhookReceiver receiver) => isClockMoved ? receiver.Told().Distinct().Count() : receiver.Told().Count;
        Assert.Equal((events, events), (Count(Further), Count(Other)));
        Assert.Empty(Relay.Faults);
    }

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        await Hostile.DisposeAsync();
        await Further.DisposeAsync();
        await Other.DisposeAsync();
        _transport.Dispose();
    }

    private sealed class ReadCounter(Stream inner, Action<int> count) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await inner.ReadAsync(buffer, cancellationToken);
            count(read);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int size, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, size), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int size)
        {
            int read = inner.Read(buffer, offset, size);
            count(read);
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int size, CancellationToken cancellationToken) =>
            inner.WriteAsync(buffer, offset, size, cancellationToken);

        public override void Write(byte[] buffer, int offset, int size) => inner.Write(buffer, offset, size);

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
