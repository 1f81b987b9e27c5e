using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost;
using Relay.Shared.Limits;
using Relay.Shared.PhoneNumbers.Registration;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Templates;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Numbers;
using Relay.Tests.Support;

namespace Relay.Tests.Graph;

/// <summary>How a business meets each error: by code and subcode.</summary>
internal static class ErrorScenes
{
    private const string Text = "\"type\":\"text\",\"text\":{\"body\":\"Hello\"}";
    private const string Body = """{"type":"BODY","text":"Hi"}""";
    private const string Place = """{"type":"BODY","text":"Hi {{1}}.","example":{"body_text":[["a"]]}}""";

    internal static IReadOnlyDictionary<(int Code, int Subcode), ErrorScene> All { get; } = new Dictionary<(int Code, int Subcode), ErrorScene>
    {
        [(0, 0)] = new(world => world.GetAsync("v25.0/oauth/access_token?client_id=1&client_secret=x&grant_type=client_credentials")),
        [(1, 0)] = new(async world =>
        {
            world.BeforeCommit = _ => throw new InvalidOperationException("A fault of ours.");
            return await world.PostAsync("v25.0/{phone}/settings", """{"user_identity_change":{"enable_identity_key_check":true}}""");
        }),
        [(2, 0)] = new(async world =>
        {
            world.BeforeCommit = table => throw new StorageFaultException("commit", table, 503, "ServerBusy");
            return await world.PostAsync("v25.0/{phone}/settings", """{"user_identity_change":{"enable_identity_key_check":true}}""");
        }),
        [(4, 0)] = new(world => ErrorWorld.UntilAsync(() => world.Business.PostAsync("""{"pin":"123456"}""", path: world.Business.PhoneNumberId))),
        [(15, 0)] = new(async world => await world.GetAsync($"v25.0/{await world.AppAsync()}/subscriptions")),
        [(100, 0)] = new(world => world.PostAsync("v25.0/{phone}/settings", """{"calling":{}}""")),
        [(100, 33)] = new(world => world.GetAsync("v25.0/424242424242424/settings")),
        [(100, 404)] = new(async world =>
        {
            string id = await world.UploadAsync([.. Convert.FromHexString("89504E470D0A1A0A0000000D49484452")]);
            string url = TestRelay.Text(await world.Business.GetAsync($"v25.0/{id}").OkAsync(), "url");
            world.Time.Advance(TimeSpan.FromMinutes(6));
            using HttpResponseMessage answer = await world.Relay.Http.GetAsync(new Uri(url));
            return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        }),
        [(100, 2388019)] = new(async world =>
        {
            await world.Account.Tables.CommitAsync(
                TableNames.Templates, world.Business.Id, [TableWrite.Upsert("count", Columns.Of("templates", TemplateLimits.Templates))], CancellationToken.None);
            return await world.TemplateFailsAsync(Body);
        }),
        [(100, 2388024)] = new(async world =>
        {
            await world.TemplateAsync(Body);
            return await world.TemplateFailsAsync(Body);
        }),
        [(100, 2388040)] = Template("{\"type\":\"BODY\",\"text\":\"" + new string('a', 1_025) + "\"},{\"type\":\"FOOTER\",\"text\":\"x\"}"),
        [(100, 2388042)] = Template(Body + ",{\"type\":\"FOOTER\",\"text\":\"x\",\"code_expiration_minutes\":5}"),
        [(100, 2388043)] = Template("""{"type":"BODY"}"""),
        [(100, 2388047)] = Template(Body + ",{\"type\":\"HEADER\",\"format\":\"GIF\"}"),
        [(100, 2388072)] = Template("""{"type":"BODY","text":"Hi {{2}}.","example":{"body_text":[["a"]]}}"""),
        [(100, 2388073)] = Template(Body + ",{\"type\":\"FOOTER\",\"text\":\"a {{1}}\"}"),
        [(100, 2388299)] = Template("""{"type":"BODY","text":"{{1}} is here","example":{"body_text":[["a"]]}}"""),
        [(190, 0)] = new(world => world.PostAsync("v25.0/{phone}/messages", "{}", token: "wrong")),
        [(200, 0)] = new(async world =>
        {
            JsonElement token = await world.Relay.AdminAsync(HttpMethod.Post, $"businesses/{world.Business.Id}/access_tokens", new { scopes = new[] { "whatsapp_business_messaging" } });
            return await world.PostAsync("v25.0/{phone}/settings", "{}", TestRelay.Text(token, "access_token"));
        }),
        [(368, 0)] = new(async world =>
        {
            await world.Services.GetRequiredService<StandingStore>().ChangeAsync(world.Business.Id, standing => standing with { IsRestricted = true }, CancellationToken.None);
            return await world.ToldAsync(Text, world.Device.Number);
        }),
        [(2500, 0)] = new(world => world.GetAsync("v25.0/no/such/path")),
        [(80007, 0)] = new(
            world => ErrorWorld.UntilAsync(() =>
            {
                world.Time.Advance(TimeSpan.FromSeconds(10));
                return world.Business.PostAsync(TestBusiness.Text(world.Device.Number, "Hello"));
            }),
            options => options with { Limits = new RelayLimits { BacklogSoft = 1, BacklogHard = 2 } }),
        [(130403, 0)] = new(async world =>
        {
            await world.HearAsync();
            await world.OkAsync("v25.0/{phone}/block_users", """{"messaging_product":"whatsapp","block_users":[{"user":"{user}"}]}""");
            return await world.SendAsync(Text);
        }),
        [(130429, 0)] = new(
            world => ErrorWorld.UntilAsync(() => world.Business.PostAsync(TestBusiness.Text(world.Device.Number, "Hello"))), options => options with { Limits = new RelayLimits { MessagesPerSecond = 1 } }),
        [(131000, 0)] = new(async world =>
        {
            await world.OkAsync("v25.0/{phone}/messages", $$"""{"messaging_product":"whatsapp","to":"{user}",{{Text}}}""");
            QueueItem item = (await world.Account.Queues.ReceiveAsync(QueueNames.Outbound, 1, TimeSpan.FromMinutes(1), CancellationToken.None))[0];
            await world.Account.Queues.DeleteAsync(QueueNames.Outbound, item, CancellationToken.None);
            await world.Account.Queues.SendAsync(QueueNames.OutboundPoison, item.Body, TimeSpan.Zero, TimeSpan.FromDays(1), CancellationToken.None);
            return await world.FailedAsync();
        }),
        [(131008, 0)] = new(world => world.PostAsync("v25.0/{phone}/messages", """{"messaging_product":"whatsapp"}""")),
        [(131009, 0)] = new(world => world.SendAsync("\"type\":\"text\",\"text\":{\"body\":\"\"}")),
        [(131021, 0)] = new(world => world.SendAsync(Text, world.Business.Number)),
        [(131026, 0)] = new(world => world.ToldAsync(Text, TestRelay.RandomNumber())),
        [(131045, 0)] = new(
            async world =>
            {
                // Somebody removes the number while it is registered.
                world.BeforeCommit = table => table == TableNames.PreKeys ? RemoveOthersAsync(world) : Task.CompletedTask;
                return await ErrorWorld.RefusedAsync(world.Relay.TryAdminAsync(
                    HttpMethod.Post, $"businesses/{world.Business.Id}/phone_numbers", new { phone_number = TestRelay.RandomNumber(), verified_name = "Gone" }));
            }),
        [(131047, 0)] = new(async world =>
        {
            JsonElement answer = (await world.Business.PostAsync(
                world.Fill("""{"messaging_product":"whatsapp","block_users":[{"user":"{user}"}]}"""), path: $"v25.0/{world.Business.PhoneNumberId}/block_users")).Answer;
            return answer.GetProperty("block_users").GetProperty("failed_users")[0].GetProperty("errors")[0];
        }),
        [(131048, 0)] = new(async world =>
        {
            for (int user = 0; user < 250; user++)
            {
                NumberHash hash = NumberHash.FromBytes([.. new byte[28], .. BitConverter.GetBytes(user)]);
                await world.Services.GetRequiredService<RecipientWindows>().TryAddAsync(world.Business.Id, hash, MessagingTier.Tier250, CancellationToken.None);
            }

            return await world.ToldAsync(Text, world.Device.Number);
        }),
        [(131051, 0)] = new(world => world.SendAsync("\"type\":\"order\",\"order\":{}")),
        [(131052, 0)] = new(world => world.ToldAsync("\"type\":\"image\",\"image\":{\"link\":\"http://127.0.0.1:1/a.png\"}")),
        [(131053, 0)] = new(world => ErrorWorld.RefusedAsync(world.PostFileAsync([]))),
        [(131056, 0)] = new(
            world => ErrorWorld.UntilAsync(() => world.Business.PostAsync(TestBusiness.Text(world.Device.Number, "Hello"))), options => options with { Limits = new RelayLimits { PairBurst = 1 } }),
        [(132000, 0)] = Filled(""),
        [(132001, 0)] = new(world => world.SendTemplateAsync("unknown", "")),
        [(132005, 0)] = Filled("{\"type\":\"text\",\"text\":\"" + new string('a', 2_000) + "\"}", Place + ",{\"type\":\"FOOTER\",\"text\":\"x\"}"),
        [(132012, 0)] = Filled("""{"type":"image","image":{"id":"1"}}"""),
        [(132018, 0)] = Filled("""{"type":"text","text":"a\nb"}"""),
        [(133005, 0)] = new(async world =>
        {
            await world.OkAsync("v25.0/{phone}/register", Pin("111111"));
            return await world.PostAsync("v25.0/{phone}/register", Pin("222222"));
        }),
        [(133006, 0)] = new(async world => await world.PostAsync($"v25.0/{await world.AddNumberAsync()}/register", Pin("111111"))),
        [(133008, 0)] = new(async world =>
        {
            await world.OkAsync("v25.0/{phone}/register", Pin("111111"));
            for (int wrong = 1; wrong <= RegistrationState.MaxWrongPins; wrong++)
            {
                await world.PostAsync("v25.0/{phone}/register", Pin("222222"));
                world.Time.Advance(RegistrationState.PinPause * wrong);
            }

            return await world.PostAsync("v25.0/{phone}/register", Pin("111111"));
        }),
        [(133009, 0)] = new(async world =>
        {
            await world.OkAsync("v25.0/{phone}/register", Pin("111111"));
            await world.PostAsync("v25.0/{phone}/register", Pin("222222"));
            return await world.PostAsync("v25.0/{phone}/register", Pin("111111"));
        }),
        [(133010, 0)] = new(async world =>
        {
            await world.OkAsync("v25.0/{phone}/deregister", "");
            return await world.SendAsync(Text);
        }),
        [(133016, 0)] = new(world => ErrorWorld.UntilAsync(() => world.Business.PostAsync(Pin("111111"), path: $"v25.0/{world.Business.PhoneNumberId}/register"))),
        [(136024, 0)] = new(world => world.PostAsync("v25.0/{phone}/request_code", """{"code_method":"SMS","language":"en_US"}""")),
        [(136025, 0)] = new(world => world.PostAsync("v25.0/{phone}/verify_code", """{"code":"123456"}""")),
        [(137000, 0)] = new(world => world.ToldAsync(Text + $",\"recipient_identity_key_hash\":\"{Convert.ToBase64String(new byte[32])}\"")),
        [(139100, 0)] = new(world => world.PostAsync("v25.0/{phone}/block_users", """{"messaging_product":"whatsapp","block_users":[{"user":"{user}"}]}""")),
        [(139101, 0)] = new(async world =>
        {
            await world.HearAsync();
            await HeadAsync(world, 64_000);
            return await world.PostAsync("v25.0/{phone}/block_users", """{"messaging_product":"whatsapp","block_users":[{"user":"{user}"}]}""");
        }),
        [(139102, 0)] = new(async world =>
        {
            await world.HearAsync();
            world.BeforeCommit = table => table == TableNames.Blocks ? HeadAsync(world, 1) : Task.CompletedTask;
            return await world.PostAsync("v25.0/{phone}/block_users", """{"messaging_product":"whatsapp","block_users":[{"user":"{user}"}]}""");
        }),
    };

    private static string Pin(string pin) => $$"""{"messaging_product":"whatsapp","pin":"{{pin}}"}""";

    private static ErrorScene Template(string components) => new(world => world.TemplateFailsAsync(components));

    /// <summary>A template with one place, filled with these parameters.</summary>
    private static ErrorScene Filled(string parameters, string? components = null) => new(async world =>
    {
        await world.TemplateAsync(components ?? Place);
        return await world.SendTemplateAsync("greeting", parameters);
    });

    private static async Task RemoveOthersAsync(ErrorWorld world)
    {
        foreach (TableRow row in world.Account.Rows(TableNames.Numbers).Where(row => row.RowKey != world.Business.PhoneNumberId).ToArray())
        {
            await world.Account.Tables.CommitAsync(TableNames.Numbers, row.PartitionKey, [TableWrite.Delete(row.RowKey, null)], CancellationToken.None);
        }
    }

    /// <summary>Somebody else has just changed the list of blocked users.</summary>
    private static Task<CommitResult> HeadAsync(ErrorWorld world, int count) => world.Account.Tables.CommitAsync(
        TableNames.Blocks,
        world.Business.Id,
        [TableWrite.Upsert("h" + world.Business.PhoneNumberId, new Dictionary<string, object> { ["count"] = count, ["version"] = EnvelopeId.Create().Hex })],
        CancellationToken.None);
}

/// <param name="Run">Gives the error that was met.</param>
/// <param name="With">What its Relay is started with.</param>
internal sealed record ErrorScene(Func<ErrorWorld, Task<JsonElement>> Run, Func<LocalRelayOptions, LocalRelayOptions>? With = null)
{
    public Func<LocalRelayOptions, LocalRelayOptions> Change => With ?? (options => options);
}
