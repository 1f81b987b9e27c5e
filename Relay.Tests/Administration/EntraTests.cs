using System.Net;
using System.Security.Cryptography;
using Relay.LocalHost;
using Relay.Shared.Administration.Entra;
using Relay.Shared.Hosting;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Xunit;

namespace Relay.Tests.Administration;

/// <summary>People of an Entra tenant, by real HTTP and real RSA keys: who was let in gets in, and nobody else, whatever is wrong with a token or with Entra.</summary>
public sealed class EntraTests
{
    private static readonly Guid s_who = Guid.Parse("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");

    [Fact]
    public async Task Somebody_of_the_tenant_who_was_let_in_gets_in_as_what_they_are()
    {
        await using LocalIssuer issuer = await LocalIssuer.StartAsync();
        await using AdminWorld world = await StartAsync(issuer);
        string token = issuer.Token(s_who, world.Time.GetUtcNow());
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", token)).Status);
        Assert.Equal("200", (await world.GetAsync("people", token)).Error);
        Assert.Contains(await world.AuditAsync("0"), entry => entry == ("business.list", $"person:{s_who}"));
        Assert.Contains(await world.AuditAsync("0"), entry => entry == ("person.list.denied", $"person:{s_who}"));
        Assert.Equal("190", (await world.GetAsync("businesses", issuer.Token(Guid.NewGuid(), world.Time.GetUtcNow()))).Error);
    }

    public static TheoryData<string> Wrongs => [.. Wrong.Keys];

    private static readonly Dictionary<string, Func<LocalIssuer, DateTimeOffset, string>> Wrong = new()
    {
        ["another key's signature"] = (issuer, now) => issuer.Token(s_who, now, signer: RSA.Create(2_048)),
        ["no signature"] = (issuer, now) => issuer.Token(s_who, now, alg: "none"),
        ["no signature, in other letters"] = (issuer, now) => issuer.Token(s_who, now, alg: "nOnE"),
        ["an HMAC under the public key"] = (issuer, now) => issuer.Token(s_who, now, alg: "HS256"),
        ["another algorithm of the same key"] = (issuer, now) => issuer.Token(s_who, now, alg: "PS256"),
        ["a signature for something else"] = (issuer, now) => Swap(issuer.Token(s_who, now), issuer.Token(Guid.NewGuid(), now)),
        ["a cut signature"] = (issuer, now) => issuer.Token(s_who, now)[..^8],
        ["a key that is none of the issuer's"] = (issuer, now) => issuer.Token(s_who, now, kid: "two"),
        ["no key"] = (issuer, now) => issuer.Token(s_who, now, kid: ""),
        ["expired"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["exp"] = now.AddMinutes(-5).ToUnixTimeSeconds()),
        ["no end"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["exp"] = null),
        ["not yet"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["nbf"] = now.AddSeconds(301).ToUnixTimeSeconds()),
        ["another tenant's issuer"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["iss"] = issuer.Issuer.Replace(issuer.Tenant.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal)),
        ["the issuer's version 1"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["iss"] = $"https://sts.windows.net/{issuer.Tenant}/"),
        ["version 1"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["ver"] = "1.0"),
        ["no issuer"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["iss"] = null),
        ["another tenant"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["tid"] = Guid.NewGuid().ToString()),
        ["no tenant"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["tid"] = null),
        ["another audience"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["aud"] = "https://graph.microsoft.com"),
        ["no audience"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["aud"] = null),
        ["nobody"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["oid"] = null),
        ["a number for somebody"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["oid"] = 7),
        ["an app's own token"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["scp"] = null),
        ["an app's own token that says so"] = (issuer, now) => issuer.Token(s_who, now, claims => claims["idtyp"] = "app"),
        ["no token"] = (_, _) => "a.b.c",
        ["nothing between the dots"] = (_, _) => "..",
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task A_wrong_token_is_refused(string what)
    {
        await using LocalIssuer issuer = await LocalIssuer.StartAsync();
        await using AdminWorld world = await StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow()))).Status);
        AdminAnswer answer = await world.GetAsync("businesses", Wrong[what](issuer, world.Time.GetUtcNow()));
        Assert.True(answer is { Status: HttpStatusCode.Unauthorized, Error: "190" }, answer.Body);
    }

    [Fact]
    public async Task Clocks_may_differ_by_five_minutes()
    {
        await using LocalIssuer issuer = await LocalIssuer.StartAsync();
        await using AdminWorld world = await StartAsync(issuer);
        DateTimeOffset now = world.Time.GetUtcNow();
        string late = issuer.Token(s_who, now, claims => claims["exp"] = now.AddSeconds(-299).ToUnixTimeSeconds());
        string early = issuer.Token(s_who, now, claims => claims["nbf"] = now.AddSeconds(299).ToUnixTimeSeconds());
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [(await world.GetAsync("businesses", late)).Status, (await world.GetAsync("businesses", early)).Status]);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("190", (await world.GetAsync("businesses", late)).Error);
    }

    [Fact]
    public async Task A_program_gets_in_when_it_was_let_in_as_one()
    {
        await using LocalIssuer issuer = await LocalIssuer.StartAsync();
        await using AdminWorld world = await StartAsync(issuer);
        Guid app = Guid.NewGuid();
        await world.DoAsync(HttpMethod.Post, "people", new { object_id = app, app = true, roles = new[] { new { role = "BILLING" } } });
        string token = issuer.Token(app, world.Time.GetUtcNow(), claims =>
        {
            claims["scp"] = null;
            claims["idtyp"] = "app";
        });
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", token)).Status);
    }

    [Fact]
    public async Task Keys_are_fetched_once_an_hour_and_a_flood_of_unknown_ones_fetches_once_a_minute()
    {
        await using LocalIssuer issuer = await LocalIssuer.StartAsync();
        await using AdminWorld world = await StartAsync(issuer);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow()))).Status);
        }

        Assert.Equal(1, issuer.Fetches);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal("190", (await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow(), kid: $"unknown{i}"))).Error);
        }

        Assert.Equal(1, issuer.Fetches);
        world.Time.Advance(EntraKeys.BetweenFetches);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow(), kid: $"more{i}"))));
        Assert.Equal(2, issuer.Fetches);
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow()))).Status);
        Assert.Equal(2, issuer.Fetches);
    }

    [Fact]
    public async Task A_new_key_is_found_within_a_minute_and_an_old_one_forgotten_within_an_hour()
    {
        await using LocalIssuer issuer = await LocalIssuer.StartAsync();
        await using AdminWorld world = await StartAsync(issuer);
        string old = issuer.Token(s_who, world.Time.GetUtcNow(), claims => claims["exp"] = world.Time.GetUtcNow().AddDays(1).ToUnixTimeSeconds());
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", old)).Status);
        issuer.AddKey("two");
        world.Time.Advance(EntraKeys.BetweenFetches);
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow(), key: "two"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", old)).Status);
        issuer.DropKey("one");
        world.Time.Advance(EntraKeys.Life);
        Assert.Equal("190", (await world.GetAsync("businesses", old)).Error);
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow(), key: "two"))).Status);
    }

    [Fact]
    public async Task While_entra_is_away_known_keys_go_on_for_a_day_and_then_nobody_gets_in()
    {
        await using LocalIssuer issuer = await LocalIssuer.StartAsync();
        await using AdminWorld world = await StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow()))).Status);
        issuer.IsAway = true;
        world.Time.Advance(EntraKeys.MaxAge - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow()))).Status);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        AdminAnswer away = await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "2"), (away.Status, away.Error));
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses")).Status);
        issuer.IsAway = false;
        world.Time.Advance(EntraKeys.BetweenFetches);
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow()))).Status);
    }

    [Theory]
    [InlineData("away")]
    [InlineData("another issuer")]
    [InlineData("keys elsewhere")]
    [InlineData("a short key")]
    public async Task Without_keys_that_are_entras_own_nobody_gets_in(string what)
    {
        await using LocalIssuer issuer = await LocalIssuer.StartAsync();
        await using LocalIssuer other = await LocalIssuer.StartAsync();
        await using AdminWorld world = await StartAsync(issuer);
        issuer.IsAway = what == "away";
        issuer.SaidIssuer = what == "another issuer" ? other.Issuer : null;
        issuer.SaidKeys = what == "keys elsewhere" ? other.Directory.Authority + "keys" : null;
        if (what == "a short key")
        {
            issuer.AddKey("one", bits: 1_024);
        }

        AdminAnswer answer = await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "2", 0), (answer.Status, answer.Error, other.Fetches));
        issuer.IsAway = false;
        (issuer.SaidIssuer, issuer.SaidKeys) = (null, null);
        issuer.AddKey("one");
        world.Time.Advance(EntraKeys.BetweenFirstFetches);
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", issuer.Token(s_who, world.Time.GetUtcNow()))).Status);
    }

    [Fact]
    public async Task No_token_is_ever_logged()
    {
        await using LocalIssuer issuer = await LocalIssuer.StartAsync();
        await using AdminWorld world = await StartAsync(issuer);
        string token = issuer.Token(s_who, world.Time.GetUtcNow());
        await world.GetAsync("businesses", token);
        await world.GetAsync("businesses", issuer.Token(Guid.NewGuid(), world.Time.GetUtcNow(), signer: RSA.Create(2_048)));
        Assert.NotEmpty(world.Running.Log.Lines);
        Assert.DoesNotContain(world.Running.Log.Lines, line => line.Text.Contains(token.Split('.')[1][..20], StringComparison.Ordinal) || line.Text.Contains($"{s_who}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("11111111-2222-3333-4444-555555555555", "a", null, null)]
    [InlineData("11111111-2222-3333-4444-555555555555", "a", "https://login.microsoftonline.us", "true")]
    public void Settings_are_read(string? tenant, string? audience, string? authority, string? disabled)
    {
        ManagerOptions options = RelaySettings.ReadManager(name => Setting(name, tenant, audience, authority, disabled));
        Assert.Equal((disabled == "true", tenant), (options.AdminToken is null, options.Entra?.Tenant.ToString()));
        Assert.Equal(tenant is null ? null : $"{authority ?? "https://login.microsoftonline.com"}/{tenant}/v2.0", options.Entra?.Issuer);
    }

    [Theory]
    [InlineData("common", "a", null, null)]
    [InlineData("11111111-2222-3333-4444-555555555555", null, null, null)]
    [InlineData(null, "a", null, null)]
    [InlineData("11111111-2222-3333-4444-555555555555", "a", "http://127.0.0.1:1", null)]
    [InlineData("11111111-2222-3333-4444-555555555555", "a", "login.microsoftonline.com", null)]
    [InlineData(null, null, null, "true")]
    [InlineData(null, null, null, "yes")]
    public void Wrong_settings_stop_the_start(string? tenant, string? audience, string? authority, string? disabled) =>
        Assert.Throws<InvalidOperationException>(() => RelaySettings.ReadManager(name => Setting(name, tenant, audience, authority, disabled)));

    private static string? Setting(string name, string? tenant, string? audience, string? authority, string? disabled) => name switch
    {
        RelaySettings.AdminToken => "token",
        RelaySettings.OperatorKey => "key",
        RelaySettings.EntraTenantId => tenant,
        RelaySettings.EntraAudience => audience,
        RelaySettings.EntraAuthority => authority,
        RelaySettings.AdminTokenDisabled => disabled,
        _ => null,
    };

    private static string Swap(string token, string other) => $"{other[..other.LastIndexOf('.')]}{token[token.LastIndexOf('.')..]}";

    private static async Task<AdminWorld> StartAsync(LocalIssuer issuer)
    {
        AdminWorld world = await AdminWorld.StartAsync(new LocalRelayOptions { Entra = issuer.Directory, ManagerStorage = new ManagerStorage(new MemoryTableStore()) });
        await world.DoAsync(HttpMethod.Post, "people", new { object_id = s_who, roles = new[] { new { role = "ANALYST" } } });
        return world;
    }
}
