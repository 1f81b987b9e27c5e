using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Accounts;

/// <summary>No token outlives its system user, whoever issues one while it is removed and wherever the removal is cut short.</summary>
public sealed class SystemUserTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TestVault _vault = null!;
    private InterruptedTables _tables = null!;
    private TokenStore _tokens = null!;
    private SystemUsers _users = null!;
    private AccessTokens _issuer = null!;
    private BusinessId _business;

    public async Task InitializeAsync()
    {
        _vault = await TestVault.CreateAsync();
        _tables = new InterruptedTables(_vault.Tables, TableNames.Tokens);
        BusinessStore businesses = new(_vault.Tables, _vault.Sealer);
        AccountDirectory accounts = new(businesses, new NumberStore(_vault.Tables, _vault.Sealer), new SubscriptionStore(_vault.Tables, _vault.Sealer), _vault.Time);
        Assert.True((await new CreateBusiness(businesses).ExecuteAsync(new CreateBusinessRequest("B"), None)).TryGet(out CreateBusinessResponse? created, out _));
        _business = BusinessId.Parse(created.Id);
        _tokens = new TokenStore(_tables);
        SystemUserStore store = new(_tables, _vault.Sealer);
        _users = new SystemUsers(store, _tokens, _vault.Time);
        _issuer = new AccessTokens(accounts, _tokens, store, _vault.Time);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Who_is_removed_while_a_token_is_issued_gets_none()
    {
        string user = await AddAsync();
        _tables.InterruptCommit = Before(IsToken, async () => Assert.True((await _users.RemoveAsync(_business, user, None)).TryGet(out _, out _)));
        Assert.Equal(GraphErrorCode.UnknownObject, (await IssueAsync(user)).Error?.Code);
        Assert.Empty(await LivingAsync());
        Assert.Empty(await ListAsync());
    }

    /// <summary>The issue ends between the removal's steps: before the user gets no more tokens, before theirs are revoked, before the user is gone.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    public async Task Of_a_token_that_is_issued_in_the_midst_of_a_removal_nothing_is_left(int step, bool isIssued)
    {
        string user = await AddAsync();
        Get(await IssueAsync(user));
        int commits = 0;
        Result<IssueTokenResponse, GraphError> issued = default;
        _tables.InterruptCommit = Before(_ => commits++ == step, async () => issued = await IssueAsync(user));
        Assert.True((await _users.RemoveAsync(_business, user, None)).TryGet(out _, out _));
        Assert.Equal(isIssued, issued.TryGet(out _, out _));
        Assert.Empty(await LivingAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_removal_that_was_cut_short_is_finished_by_the_same_call(int step)
    {
        string user = await AddAsync();
        await IssueAsync(user);
        int commits = 0;
        _tables.InterruptCommit = Before(_ => commits++ == step, () => throw new StorageFaultException("table commit", TableNames.Tokens, 0, null));
        await Assert.ThrowsAsync<StorageFaultException>(() => _users.RemoveAsync(_business, user, None));
        Assert.Equal(user, Assert.Single(await ListAsync()).Id);
        Assert.Equal(step == 0, (await IssueAsync(user)).TryGet(out _, out _));

        Assert.True((await _users.RemoveAsync(_business, user, None)).TryGet(out _, out _));
        Assert.Empty(await LivingAsync());
        Assert.Empty(await ListAsync());
        Assert.Equal(GraphErrorCode.UnknownObject, (await _users.RemoveAsync(_business, user, None)).Error?.Code);
    }

    [Fact]
    public async Task Two_who_issue_tokens_of_one_user_at_once_both_get_one()
    {
        string user = await AddAsync();
        string other = "";
        _tables.InterruptCommit = Before(IsToken, async () => other = Get(await IssueAsync(user)).Id);
        string one = Get(await IssueAsync(user)).Id;
        Assert.Equal(new[] { one, other }.Order(), (await LivingAsync()).Select(token => token.Id).Order());
        Assert.Equal(user, Assert.Single(await ListAsync()).Id);
    }

    /// <summary>Runs once, before the first commit that it is for.</summary>
    private static Func<string, IReadOnlyList<TableWrite>, Task<bool>> Before(Func<IReadOnlyList<TableWrite>, bool> isIt, Func<Task> act) => async (_, writes) =>
    {
        if (!isIt(writes))
        {
            return false;
        }

        await act();
        return true;
    };

    private static bool IsToken(IReadOnlyList<TableWrite> writes) => writes.Any(write => write.Kind == TableWriteKind.Insert && write.Columns.ContainsKey("hash"));

    private async Task<string> AddAsync() => Get(await _users.AddAsync(_business, new AddSystemUserRequest("Lager", "ADMIN"), None)).Id;

    private static T Get<T>(Result<T, GraphError> result)
        where T : notnull => result.TryGet(out T? value, out GraphError? error) ? value : throw new InvalidOperationException(error.Details);

    private Task<Result<IssueTokenResponse, GraphError>> IssueAsync(string user) =>
        _issuer.IssueAsync(_business, AccessTokens.AllScopes, new IssueTokenRequest { SystemUserId = user }, None);

    private async Task<IReadOnlyList<ListedSystemUser>> ListAsync() => Get(await _users.ListAsync(_business, None)).Data;

    private async Task<IReadOnlyList<TokenFacts>> LivingAsync() =>
        [.. (await _tokens.ListAsync(_business, string.Empty, 100, None)).Where(one => one.EndedAt(_vault.Time.GetUtcNow()) is null)];
}
