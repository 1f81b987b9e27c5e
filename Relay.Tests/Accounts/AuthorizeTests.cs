using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Accounts;

public sealed class AuthorizeTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TestVault? _vault;
    private TokenStore? _tokens;
    private Authorize? _authorize;
    private BusinessId _business;

    private TestVault Vault => _vault ?? throw new InvalidOperationException();

    private TokenStore Tokens => _tokens ?? throw new InvalidOperationException();

    public async Task InitializeAsync()
    {
        _vault = await TestVault.CreateAsync();
        _tokens = new TokenStore(Vault.Tables);
        _authorize = new Authorize(Tokens, Vault.Time);
        _business = BusinessId.Create();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(AccessScopes.Messaging)]
    [InlineData(AccessScopes.Management)]
    [InlineData(AccessScopes.Messaging | AccessScopes.Management)]
    public async Task A_token_leads_to_its_business_and_scopes(AccessScopes scopes)
    {
        AccessToken token = await IssueAsync(scopes);
        Assert.Equal(new Caller(_business, scopes, token.Id), await CallerAsync(token.Reveal()));
    }

    [Fact]
    public async Task An_expired_token_is_refused_at_its_very_second_also_when_remembered()
    {
        AccessToken token = await IssueAsync(expires: Vault.Time.GetUtcNow().AddSeconds(10));
        Assert.NotNull(await CallerAsync(token.Reveal()));
        Vault.Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.NotNull(await CallerAsync(token.Reveal()));
        Vault.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await CallerAsync(token.Reveal()));
    }

    [Fact]
    public async Task A_revoked_token_is_refused_within_half_a_minute()
    {
        AccessToken token = await IssueAsync();
        Assert.NotNull(await CallerAsync(token.Reveal()));
        Assert.True(await Tokens.RevokeAsync(_business, token.Id, Vault.Time.GetUtcNow(), None));

        Vault.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await CallerAsync(token.Reveal()));
        Assert.NotNull((await new Authorize(Tokens, Vault.Time).ExecuteAsync(token.Reveal(), None)).Error);
    }

    [Fact]
    public async Task A_found_token_costs_one_read_in_half_a_minute()
    {
        AccessToken token = await IssueAsync();
        await CallerAsync(token.Reveal());
        int reads = Reads();
        await CallerAsync(token.Reveal());
        Vault.Time.Advance(TimeSpan.FromSeconds(29));
        await CallerAsync(token.Reveal());
        Assert.Equal(reads, Reads());
    }

    [Fact]
    public async Task A_wrong_secret_behind_a_right_id_is_refused_also_when_the_right_one_is_remembered()
    {
        AccessToken token = await IssueAsync();
        string text = token.Reveal().Reveal();
        await CallerAsync(token.Reveal());
        for (int at = 31; at < text.Length; at++)
        {
            char other = text[at] == 'A' ? 'Q' : 'A';
            Assert.Null(await CallerAsync(new Secret(text[..at] + other + text[(at + 1)..])));
        }

        Assert.NotNull(await CallerAsync(token.Reveal()));
    }

    [Fact]
    public async Task Unknown_malformed_and_missing_tokens_are_refused_alike()
    {
        await IssueAsync();
        Assert.Null(await CallerAsync(AccessToken.Create(_business).Reveal()));
        Assert.Null(await CallerAsync(AccessToken.Create(BusinessId.Create()).Reveal()));
        Assert.Null(await CallerAsync(new Secret("x")));
        Assert.Null(await CallerAsync(new Secret("rly_live_x")));
        Assert.Null(await CallerAsync(new Secret("rly_live_" + new string('!', 64))));
        Assert.Null(await CallerAsync(null));
    }

    [Fact]
    public async Task Storage_knows_only_the_hash()
    {
        AccessToken token = await IssueAsync();
        string text = token.Reveal().Reveal();
        TableRow row = (await Vault.Tables.GetAsync(TableNames.Tokens, _business.Value, token.Id, None))!;

        Assert.Equal(token.Hash, row.Get<byte[]>("hash"));
        Assert.All(row.Columns.Values.OfType<string>(), value => Assert.DoesNotContain(text[31..], value, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(new[] { "whatsapp_business_messaging" }, AccessScopes.Messaging)]
    [InlineData(new[] { "whatsapp_business_management" }, AccessScopes.Management)]
    [InlineData(new string[0], AccessScopes.Messaging | AccessScopes.Management)]
    [InlineData(null, AccessScopes.Messaging | AccessScopes.Management)]
    public async Task Issued_tokens_have_the_scopes_asked_for(string[]? names, AccessScopes scopes)
    {
        AccessTokens issuer = await IssuerAsync();
        Assert.True((await issuer.IssueAsync(_business, AccessTokens.AllScopes, new IssueTokenRequest(names), None)).TryGet(out IssueTokenResponse? issued, out _));
        Assert.Equal(new Caller(_business, scopes, issued.Id), await CallerAsync(new Secret(issued.AccessToken)));

        Assert.True((await issuer.RevokeAsync(_business, AccessTokens.AllScopes, issued.Id, None)).TryGet(out _, out _));
        Vault.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Null(await CallerAsync(new Secret(issued.AccessToken)));
    }

    [Fact]
    public async Task Bad_requests_for_tokens_are_refused()
    {
        AccessTokens issuer = await IssuerAsync();
        long now = Vault.Time.GetUtcNow().ToUnixTimeSeconds();
        IssueTokenRequest[] bad = [new(["admin"]), new([""]), new(null, now), new(null, -1), new(null, long.MaxValue)];
        foreach (IssueTokenRequest request in bad)
        {
            Assert.Equal(GraphErrorCode.ParameterInvalid, (await issuer.IssueAsync(_business, AccessTokens.AllScopes, request, None)).Error?.Code);
        }

        Assert.Equal(GraphErrorCode.UnknownObject, (await issuer.IssueAsync(BusinessId.Create(), AccessTokens.AllScopes, new IssueTokenRequest(), None)).Error?.Code);
        foreach (string id in new[] { "", "0011223344556677", "00112233445566GG", "../x", "00112233445566770" })
        {
            Assert.Equal(GraphErrorCode.UnknownObject, (await issuer.RevokeAsync(_business, AccessTokens.AllScopes, id, None)).Error?.Code);
        }
    }

    [Fact]
    public async Task Nobody_revokes_another_business_token()
    {
        AccessToken token = await IssueAsync();
        Assert.False(await Tokens.RevokeAsync(BusinessId.Create(), token.Id, Vault.Time.GetUtcNow(), None));
        Vault.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(await CallerAsync(token.Reveal()));
    }

    private int Reads() => Vault.Tables.Calls.Count(call => call == "GET tokens");

    private async Task<AccessTokens> IssuerAsync()
    {
        BusinessStore businesses = new(Vault.Tables, Vault.Sealer);
        AccountDirectory accounts = new(businesses, new NumberStore(Vault.Tables, Vault.Sealer), new SubscriptionStore(Vault.Tables, Vault.Sealer), Vault.Time);
        Assert.True((await new CreateBusiness(businesses).ExecuteAsync(new CreateBusinessRequest("B"), None)).TryGet(out CreateBusinessResponse? created, out _));
        _business = BusinessId.Parse(created.Id);
        return new AccessTokens(accounts, Tokens, new SystemUserStore(Vault.Tables, Vault.Sealer), Vault.Time);
    }

    private async Task<AccessToken> IssueAsync(AccessScopes scopes = AccessScopes.Messaging, DateTimeOffset? expires = null)
    {
        AccessToken token = AccessToken.Create(_business);
        Assert.True(await Tokens.TryAddAsync(token, new TokenFacts { Id = token.Id, Scopes = scopes, Expires = expires }, null, None));
        return token;
    }

    private async Task<Caller?> CallerAsync(Secret? token)
    {
        Result<Caller, GraphError> result = await (_authorize ?? throw new InvalidOperationException()).ExecuteAsync(token, None);
        if (result.TryGet(out Caller? caller, out GraphError? error))
        {
            return caller;
        }

        Assert.Equal(GraphErrorCode.InvalidToken, error.Code);
        return null;
    }
}
