using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Relay.Functions;
using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Pushes;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Tests.Transport;

/// <summary>The transport on storage in memory, a clock that only tests move and a relay that is a stand-in.</summary>
internal sealed class TransportHarness : IAsyncDisposable
{
    public const string RegistrationKey = "registration-key-of-the-tests";

    public const string OperatorKey = "operator-key-of-the-tests";

    /// <summary>One key vault for all tests: making an RSA key takes longer than a test.</summary>
    private static readonly LocalKeyWrapper s_vault = new(LocalKeyFile.InMemory());

    private readonly ServiceProvider _services;
    private int _claims;

    public TransportHarness(TransportHarness? sameStorageAs = null, Func<ITableStore, ITableStore>? around = null)
    {
        Time = sameStorageAs?.Time ?? new SteppingTime(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        Tables = sameStorageAs?.Tables ?? new RecordingTables(around?.Invoke(new MemoryTableStore()) ?? new MemoryTableStore());
        Queues = sameStorageAs?.Queues ?? new RecordingQueues(new MemoryQueueStore(Time));
        Blobs = sameStorageAs?.Blobs ?? new MemoryBlobStore();
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(Time).AddLogging();
        Configure(services);
        _services = services.BuildServiceProvider();
    }

    public static CancellationToken None => CancellationToken.None;

    public SteppingTime Time { get; }

    public RecordingTables Tables { get; }

    public RecordingQueues Queues { get; }

    public MemoryBlobStore Blobs { get; }

    public CodeMailbox Codes { get; } = new();

    public RelayStandIn RelayEnd { get; } = new();

    public static Uri PushUrl { get; } = new("http://127.0.0.1:9/relay/push/1");

    public static byte[] PushSecret { get; } = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static PhoneNumber Number(string digits) => PhoneNumber.TryParse(digits, out PhoneNumber? number) ? number : throw new FormatException();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<TransportHarness> CreateStorageAsync()
    {
        await Tables.EnsureTablesAsync(TableNames.OfTransport, None);
        await Queues.EnsureQueuesAsync(QueueNames.OfTransport, None);
        await Blobs.EnsureContainersAsync(ContainerNames.OfTransport, None);
        return this;
    }

    public static Task<TransportHarness> StartAsync() => new TransportHarness().CreateStorageAsync();

    /// <summary>The composition a host uses, except for the two ends of the world.</summary>
    public void Configure(IServiceCollection services)
    {
        KeyRing ring = new(Tables, s_vault, Time);
        services
            .AddSingleton(new TransportStorage(Tables, Queues, Blobs))
            .AddSingleton(new TransportKeys(ring, new Sealer(ring, "test")))
            .AddSingleton<IVerificationCodeSender>(Codes)
            .AddSingleton(new PushChannel(new HttpMessageInvoker(RelayEnd), Time))
            .AddTransport(new TransportOptions { RegistrationKey = new Secret(RegistrationKey), OperatorKey = new Secret(OperatorKey) })
            .AddTransportFunctions();
    }

    public async Task<AuthenticatedDevice> RegisterAsync(string number, DeviceKeys? keys = null)
    {
        StartRegistrationResponse started = (await Get<StartRegistration>().ExecuteAsync(new StartRegistrationRequest(number), None)).Value!;
        DeviceCredentialResponse credential = (await VerifyAsync(started.RegistrationId, number, Codes.Codes[started.RegistrationId].Reveal(), keys)).Value!;
        return (await AuthenticateAsync(number, credential.Credential))!;
    }

    public Task<TransportResult<DeviceCredentialResponse>> VerifyAsync(string registrationId, string number, string code, DeviceKeys? keys = null) =>
        Get<VerifyRegistration>().ExecuteAsync(
            registrationId, new VerifyRegistrationRequest { Number = number, Code = code, Keys = keys ?? TestKeys.Create() }, None);

    public async Task<AuthenticatedDevice> RegisterBusinessAsync(string number, DeviceKeys? keys = null)
    {
        DeviceCredentialResponse credential = (await ClaimAsync(number, keys)).Value!;
        return (await AuthenticateAsync(number, credential.Credential))!;
    }

    public Task<TransportResult<DeviceCredentialResponse>> ClaimAsync(string number, DeviceKeys? keys = null) =>
        Get<RegisterBusinessNumber>().ExecuteAsync(
            new()
            {
                Number = number,
                Keys = keys ?? TestKeys.Create(),
                PushUrl = PushUrl.AbsoluteUri,
                PushSecret = PushSecret,
            },
            Time.GetUtcNow().AddMilliseconds(++_claims),
            None);

    public Task<AuthenticatedDevice?> AuthenticateAsync(string number, string credential) =>
        Get<AuthenticateDevice>().ExecuteAsync(Number(number), new Secret(credential), None);

    public Task<TransportResult<SendEnvelopeResponse>> SendAsync(AuthenticatedDevice from, string to, EnvelopeId? id = null, string text = "ciphertext") =>
        Get<SendEnvelope>().ExecuteAsync(
            from,
            new SendEnvelopeRequest { To = to, Id = (id ?? EnvelopeId.Create()).Hex, Type = Envelope.Message, Content = Encoding.UTF8.GetBytes(text) },
            None);

    public async Task<FetchEnvelopesResponse> FetchAsync(AuthenticatedDevice device, int wait = 0, int limit = 50) =>
        (await Get<FetchEnvelopes>().ExecuteAsync(device, wait, limit, None)).Value!;

    public async Task<PreKeyUpload?> TakeAsync(string number) =>
        (await Get<TakeBundle>().ExecuteAsync(new DirectoryRequest(number), None)).Value!.OneTimePreKey;

    /// <summary>Does what the host does with queue <c>push</c>, once for each visible message; says how many.</summary>
    public async Task<int> PumpAsync()
    {
        IReadOnlyList<QueueItem> items = await Queues.ReceiveAsync(QueueNames.Push, 32, TimeSpan.FromMinutes(1), None);
        foreach (QueueItem item in items)
        {
            await Get<PushEnvelope>().ExecuteAsync(item.Body, None);
            await Queues.DeleteAsync(QueueNames.Push, item, None);
        }

        return items.Count;
    }

    /// <summary>The tables and the vault as they are, in the hands of somebody who says what time it is.</summary>
    public KeyRing RingAt(DateTimeOffset time) => new(Tables, s_vault, new SteppingTime(time));

    /// <summary>All rows of a table's partitions that were ever written and are still there.</summary>
    public async Task<List<TableRow>> RowsAsync(string table)
    {
        List<TableRow> rows = [];
        foreach (string partition in Tables.Writes.Where(write => write.Table == table).Select(write => write.Partition).Distinct())
        {
            await foreach (TableRow row in Tables.QueryAsync(table, TableRange.Partition(partition, int.MaxValue), None))
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
