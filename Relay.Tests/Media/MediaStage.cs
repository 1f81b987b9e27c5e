using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Media;

/// <summary>A business with files: all of Relay over HTTP, its clock held, its storage open to be looked at.</summary>
internal sealed class MediaStage : IAsyncDisposable
{
    /// <summary>The first bytes of a JPEG, and then anything.</summary>
    public static byte[] Jpeg(int size) => Beginning([0xFF, 0xD8, 0xFF, 0xE0], size);

    public static byte[] Pdf(int size) => Beginning("%PDF-1.7\n"u8, size);

    public required FakeTimeProvider Time { get; init; }

    public required MemoryAccount Account { get; init; }

    public required MemoryAccount TransportAccount { get; init; }

    public required TestRelay Relay { get; init; }

    public required TestBusiness Business { get; init; }

    public IEnumerable<TableRow> Rows => Account.Rows(TableNames.Media);

    public T Get<T>()
        where T : notnull => Relay.Local.Services.GetRequiredService<T>();

    public static async Task<MediaStage> StartAsync(Func<LocalRelayOptions, LocalRelayOptions>? change = null)
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 30, TimeSpan.Zero));
        MemoryAccount account = new(time);
        MemoryAccount transport = new(time);
        LocalRelayOptions options = new()
        {
            Time = time,
            RelayStorage = new RelayStorage(account.Tables, account.Queues, account.Blobs),
            TransportStorage = new TransportStorage(transport.Tables, transport.Queues, transport.Blobs),
            Customize = services =>
            {
                // RSA would be most of a test's time.
                KeyRing relayKeys = new(account.Tables, new QuickKeys(), time);
                KeyRing transportKeys = new(transport.Tables, new QuickKeys(), time);
                services.AddSingleton(new RelayKeys(relayKeys, new Sealer(relayKeys, "local"))).AddSingleton(new TransportKeys(transportKeys, new Sealer(transportKeys, "local")));
            },
        };
        TestRelay relay = await TestRelay.StartAsync(change?.Invoke(options) ?? options);
        return new MediaStage { Time = time, Account = account, TransportAccount = transport, Relay = relay, Business = await relay.BusinessAsync(null) };
    }

    public async Task<BusinessNumber> NumberAsync() =>
        await Get<AccountDirectory>().FindNumberAsync(BusinessOf(Business), PhoneNumberId.Parse(Business.PhoneNumberId), CancellationToken.None)
        ?? throw new InvalidOperationException("No number.");

    public static BusinessId BusinessOf(TestBusiness business) => BusinessId.TryParse(business.Id, out BusinessId id) ? id : throw new FormatException();

    public ConversationKey NewConversation() => new(BusinessOf(Business), ConversationId.Create());

    /// <summary>An upload as a client makes it.</summary>
    public static MultipartFormDataContent Form(byte[] file, string? mimeType, string fileName = "file.bin", string? type = null, string? ttl = null, bool fileFirst = false)
    {
        ByteArrayContent part = new(file);
        part.Headers.ContentType = mimeType is null ? null : MediaTypeHeaderValue.Parse(mimeType);
        MultipartFormDataContent form = [];
        if (fileFirst)
        {
            form.Add(part, "file", fileName);
        }

        form.Add(new StringContent("whatsapp"), "messaging_product");
        if (type is not null)
        {
            form.Add(new StringContent(type), "type");
        }

        if (ttl is not null)
        {
            form.Add(new StringContent(ttl), "ttl_minutes");
        }

        if (!fileFirst)
        {
            form.Add(part, "file", fileName);
        }

        return form;
    }

    public Task<(HttpStatusCode Status, JsonElement Answer)> TryUploadAsync(HttpContent form) => Business.PostAsync(form, path: $"v25.0/{Business.PhoneNumberId}/media");

    public async Task<string> UploadAsync(byte[] file, string mimeType, string fileName = "file.bin", string? ttl = null)
    {
        (HttpStatusCode status, JsonElement answer) = await TryUploadAsync(Form(file, mimeType, fileName, ttl: ttl));
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return TestRelay.Text(answer, "id");
    }

    /// <summary>The error's code and details.</summary>
    public static (int Code, string Details) Error(JsonElement answer)
    {
        JsonElement error = answer.GetProperty("error");
        return (error.GetProperty("code").GetInt32(), TestRelay.Text(error.GetProperty("error_data"), "details"));
    }

    public async Task<Uri> UrlAsync(string id) => new(TestRelay.Text((await Business.GetAsync(id)).Answer, "url"));

    /// <summary>Every byte at rest in both accounts.</summary>
    public IEnumerable<byte[]> AtRest()
    {
        foreach (TableRow row in new[] { Account, TransportAccount }.SelectMany(account => account.Tables.Everything().Select(entry => entry.Row)))
        {
            yield return System.Text.Encoding.UTF8.GetBytes($"{row.PartitionKey} {row.RowKey} {string.Join(' ', row.Columns.Values.OfType<string>())}");
            foreach (byte[] bytes in row.Columns.Values.OfType<byte[]>())
            {
                yield return bytes;
            }
        }

        foreach ((_, byte[] content) in Account.Blobs.Everything().Concat(TransportAccount.Blobs.Everything()))
        {
            yield return content;
        }
    }

    /// <summary>Lets a time pass and the hourly timers run.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        await Relay.Local.InvokeTimerAsync("DeleteExpired", CancellationToken.None);
        await Relay.Local.InvokeTimerAsync("TransportDeleteExpired", CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Relay.DisposeAsync();

    private static byte[] Beginning(ReadOnlySpan<byte> head, int size)
    {
        byte[] file = RandomNumberGenerator.GetBytes(size);
        head[..Math.Min(head.Length, size)].CopyTo(file);
        return file;
    }
}
