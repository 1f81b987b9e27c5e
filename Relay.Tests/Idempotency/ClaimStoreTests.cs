using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Idempotency;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Idempotency;

public sealed class ClaimStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly BusinessId Business = BusinessId.Parse("1001");
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly MemoryAccount _account;

    public ClaimStoreTests() => _account = new MemoryAccount(_time);

    /// <summary>Whatever the hour: a claim holds for 24 hours to the millisecond, also in between and with the timer running each hour.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12 * 60)]
    [InlineData((24 * 60) - 1)]
    public async Task A_claim_lasts_24_hours_across_midnight(int minutesAfterMidnight)
    {
        _time.AdjustTime(Noon.Date.ToUniversalTime().AddDays(1).AddMinutes(minutesAfterMidnight));
        ClaimStore store = await OpenAsync();
        Claim first = await ClaimAsync(store);
        Assert.True(first.IsNew);
        for (int hour = 0; hour < 24; hour++)
        {
            Claim again = await ClaimAsync(store);
            Assert.Equal((first.Acceptance, false), (again.Acceptance, again.IsNew));
            Assert.Equal(first.Acceptance, (await store.FindAsync(Business, Request(), None))?.Acceptance);
            await store.DeletePastAsync(Business, 1_000, None);
            _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(hour == 23 ? 1 : 0));
        }

        Assert.False((await ClaimAsync(store)).IsNew);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await store.FindAsync(Business, Request(), None));
        Claim next = await ClaimAsync(store);
        Assert.True(next.IsNew);
        Assert.NotEqual(first.Acceptance.Message, next.Acceptance.Message);
        Assert.Equal(next.Acceptance, (await ClaimAsync(store)).Acceptance);
        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(next.Acceptance, (await ClaimAsync(store)).Acceptance);
    }

    /// <summary>Two instances whose clocks stand on either side of midnight.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Clocks_may_differ_around_midnight(bool isSlowOneFirst)
    {
        ClaimStore slow = new(_account.Tables, new FakeTimeProvider(Noon.Date.ToUniversalTime().AddDays(1).AddSeconds(-5)));
        ClaimStore quick = new(_account.Tables, new FakeTimeProvider(Noon.Date.ToUniversalTime().AddDays(1).AddSeconds(5)));
        await OpenAsync();
        Claim first = await ClaimAsync(isSlowOneFirst ? slow : quick);
        Claim second = await ClaimAsync(isSlowOneFirst ? quick : slow);
        Assert.True(first.IsNew);
        Assert.Equal((first.Acceptance, false), (second.Acceptance, second.IsNew));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_many_at_once_one_has_it(bool isExpired)
    {
        ClaimStore store = await OpenAsync();
        if (isExpired)
        {
            await ClaimAsync(store);
            _time.Advance(ClaimStore.Life);
        }

        FaultyTableStore[] tables = [.. Enumerable.Range(0, 16).Select(_ => new FaultyTableStore(_account.Tables, FaultPlan.Nothing(), "relay"))];
        Claim[] claims = await Task.WhenAll(tables.Select(async one =>
        {
            await Task.Yield();
            return await ClaimAsync(new ClaimStore(one, _time));
        }));
        Assert.Single(claims, claim => claim.IsNew);
        Assert.Single(claims.Select(claim => claim.Acceptance).Distinct());
    }

    [Fact]
    public async Task Past_rows_go_in_ranges_and_living_ones_are_not_read()
    {
        ClaimStore store = await OpenAsync();
        for (int i = 0; i < 150; i++)
        {
            await ClaimAsync(store, i);
        }

        Assert.Equal(0, await store.DeletePastAsync(Business, 1_000, None));
        _time.Advance(TimeSpan.FromHours(12));
        await ClaimAsync(store, 1_000);
        Assert.Equal(100, await store.DeletePastAsync(Business, 100, None));
        Assert.Equal(50, await store.DeletePastAsync(Business, 1_000, None));
        Assert.Equal(152, _account.Rows(TableNames.Idempotency).Count());
        Assert.False((await ClaimAsync(store, 149)).IsNew);

        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(152, await store.DeletePastAsync(Business, 1_000, None));
        Assert.Empty(_account.Rows(TableNames.Idempotency));
    }

    [Fact]
    public async Task Another_business_has_claims_of_its_own()
    {
        ClaimStore store = await OpenAsync();
        Assert.True((await ClaimAsync(store)).IsNew);
        Assert.True((await store.ClaimAsync(BusinessId.Parse("1002"), Request(), Fresh(), None)).IsNew);
        _time.Advance(TimeSpan.FromDays(3));
        await store.DeletePastAsync(Business, 1_000, None);
        Assert.All(_account.Rows(TableNames.Idempotency), row => Assert.Equal("1002", row.PartitionKey));
        Assert.NotEmpty(_account.Rows(TableNames.Idempotency));
    }

    private static KeyedRequest Request(int i = 0) => new(i.ToString("x64", System.Globalization.CultureInfo.InvariantCulture), new byte[32]);

    private Acceptance Fresh() => new(ConversationId.Create(), EnvelopeId.Create(), _time.GetUtcNow().ToUnixTimeMilliseconds());

    private Task<Claim> ClaimAsync(ClaimStore store, int i = 0) => store.ClaimAsync(Business, Request(i), Fresh(), None);

    private async Task<ClaimStore> OpenAsync()
    {
        await _account.Tables.EnsureTablesAsync(TableNames.OfRelay, None);
        return new ClaimStore(_account.Tables, _time);
    }
}
