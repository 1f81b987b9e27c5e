using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.PhoneNumbers.Registration;
using Relay.Shared.Storage;
using Relay.Tests.PhoneNumbers;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Graph;

/// <summary>A business with a number, an endpoint and a user's device; how it was refused, or what its endpoint was told, is the outcome of a scene.</summary>
internal sealed class ErrorWorld : IAsyncDisposable
{
    private readonly FaultyTables _tables;

    private ErrorWorld(MemoryAccount account) => (Account, _tables) = (account, new FaultyTables(account.Tables));

    public FakeTimeProvider Time { get; private init; } = null!;

    public MemoryAccount Account { get; }

    public NumberCodes Codes { get; } = new();

    public TestRelay Relay { get; private set; } = null!;

    public WebhookReceiver Receiver { get; private set; } = null!;

    public IServiceProvider Services => Relay.Local.Services;

    public TestBusiness Business { get; private set; } = null!;

    public TestDevice Device { get; private set; } = null!;

    /// <summary>Before each commit to a table.</summary>
    public Func<string, Task> BeforeCommit
    {
        set => _tables.BeforeCommit = value;
    }

    public static async Task<ErrorWorld> StartAsync(Func<LocalRelayOptions, LocalRelayOptions> change)
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 2, 10, 0, 0, TimeSpan.Zero));
        ErrorWorld world = new(new MemoryAccount(time)) { Time = time };
        world.Relay = await TestRelay.StartAsync(change(new LocalRelayOptions
        {
            Time = time,
            RelayStorage = new RelayStorage(world._tables, world.Account.Queues, world.Account.Blobs),
            Customize = services => services.AddSingleton<INumberCodeSender>(world.Codes),
        }));
        world.Receiver = await WebhookReceiver.StartAsync();
        world.Business = await world.Relay.BusinessAsync(world.Receiver);
        world.Device = await world.Relay.DeviceAsync();
        return world;
    }

    /// <summary>The error of a POST; <c>{phone}</c>, <c>{waba}</c>, <c>{user}</c> stand for what they say.</summary>
    public Task<JsonElement> PostAsync(string path, string body, string? token = null) => RefusedAsync(Business.PostAsync(Fill(body), token: token, path: Fill(path)));

    public Task<JsonElement> GetAsync(string path) => RefusedAsync(Business.GetAsync(Fill(path)));

    public Task<JsonElement> SendAsync(string members, string? to = null) =>
        PostAsync("v25.0/{phone}/messages", $$"""{"messaging_product":"whatsapp","to":"{{to ?? Device.Number}}",{{members}}}""");

    public Task OkAsync(string path, string body) => Business.PostAsync(Fill(body), path: Fill(path)).OkAsync();

    public Task TemplateAsync(string components) => OkAsync("v25.0/{waba}/message_templates", Template(components));

    public Task<JsonElement> TemplateFailsAsync(string components) => PostAsync("v25.0/{waba}/message_templates", Template(components));

    public Task<JsonElement> SendTemplateAsync(string name, string parameters) =>
        SendAsync($$$"""
            "type":"template","template":{"name":"{{{name}}}","language":{"code":"en"},"components":[{"type":"body","parameters":[{{{parameters}}}]}]}
            """);

    /// <summary>What the endpoint was told of a message that was accepted.</summary>
    public async Task<JsonElement> ToldAsync(string members, string? to = null)
    {
        await OkAsync("v25.0/{phone}/messages", $$"""{"messaging_product":"whatsapp","to":"{{to ?? Device.Number}}",{{members}}}""");
        return await FailedAsync();
    }

    public async Task<JsonElement> FailedAsync()
    {
        await Relay.DrainAsync();
        JsonElement status = Receiver.Deliveries.Select(delivery => delivery.Value).Last(value => value.TryGetProperty("statuses", out _)).GetProperty("statuses")[0];
        Assert.Equal("failed", TestRelay.Text(status, "status"));
        return status.GetProperty("errors")[0];
    }

    /// <summary>The first error until there is one.</summary>
    public static async Task<JsonElement> UntilAsync(Func<Task<(HttpStatusCode Status, JsonElement Answer)>> call)
    {
        for (int i = 0; i < 100; i++)
        {
            (HttpStatusCode status, JsonElement answer) = await call();
            if (status != HttpStatusCode.OK)
            {
                return answer.GetProperty("error");
            }
        }

        throw new InvalidOperationException("It was never refused.");
    }

    public async Task<string> UploadAsync(byte[] file)
    {
        (HttpStatusCode status, JsonElement answer) = await PostFileAsync(file);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return TestRelay.Text(answer, "id");
    }

    public Task<(HttpStatusCode Status, JsonElement Answer)> PostFileAsync(byte[] file)
    {
        ByteArrayContent content = new(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        MultipartFormDataContent form = new() { { new StringContent("whatsapp"), "messaging_product" }, { new StringContent("image/png"), "type" }, { content, "file", "a.png" } };
        return Business.PostAsync(form, path: $"v25.0/{Business.PhoneNumberId}/media");
    }

    /// <summary>A second number of the business, not verified yet.</summary>
    public async Task<string> AddNumberAsync() => TestRelay.Text(
        await Business.PostAsync($$"""{"phone_number":"{{TestRelay.RandomNumber()}}","verified_name":"Second"}""", path: $"v25.0/{Business.WabaId}/phone_numbers").OkAsync(), "id");

    /// <summary>The id of the business's app.</summary>
    public async Task<string> AppAsync() =>
        TestRelay.Text((await Business.GetAsync($"v25.0/{Business.WabaId}/subscribed_apps").OkAsync()).Items()[0].GetProperty("whatsapp_business_api_data"), "id");

    /// <summary>The user has just written.</summary>
    public async Task HearAsync()
    {
        await Device.SendAsync(Business.Number, "Hello");
        await Relay.DrainAsync();
    }

    public string Fill(string text) => text
        .Replace("{phone}", Business.PhoneNumberId, StringComparison.Ordinal)
        .Replace("{waba}", Business.WabaId, StringComparison.Ordinal)
        .Replace("{user}", Device.Number, StringComparison.Ordinal)
        .Replace("{biz}", Business.Id, StringComparison.Ordinal);

    public static async Task<JsonElement> RefusedAsync(Task<(HttpStatusCode Status, JsonElement Answer)> call)
    {
        (HttpStatusCode status, JsonElement answer) = await call;
        Assert.True(status != HttpStatusCode.OK, answer.ToString());
        return answer.GetProperty("error");
    }

    public async ValueTask DisposeAsync()
    {
        Device.Dispose();
        await Receiver.DisposeAsync();
        await Relay.DisposeAsync();
    }

    private static string Template(string components) => $$"""{"name":"greeting","language":"en","category":"UTILITY","components":[{{components}}]}""";

    private sealed class FaultyTables(ITableStore inner) : ITableStore
    {
        public Func<string, Task> BeforeCommit { get; set; } = _ => Task.CompletedTask;

        public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
            inner.GetAsync(table, partitionKey, rowKey, cancellationToken);

        public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken) => inner.QueryAsync(table, range, cancellationToken);

        public async Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
        {
            await BeforeCommit(table);
            return await inner.CommitAsync(table, partitionKey, writes, cancellationToken);
        }

        public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);
    }
}
