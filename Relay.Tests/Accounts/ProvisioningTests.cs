using System.Text;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.PreKeys;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Accounts;

/// <summary>What is wrong with a request is told before anything is written or the transport is asked.</summary>
public sealed class ProvisioningTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("257")]
    public async Task A_business_has_a_name(string? name)
    {
        TestVault vault = await TestVault.CreateAsync();
        CreateBusiness create = new(new BusinessStore(vault.Tables, vault.Sealer));
        GraphError? error = (await create.ExecuteAsync(new CreateBusinessRequest(name == "257" ? new string('x', 257) : name), None)).Error;

        Assert.Equal(GraphErrorCode.ParameterInvalid, error?.Code);
        Assert.Empty(vault.Tables.Writes);
    }

    [Fact]
    public async Task A_new_business_is_found_and_its_name_and_secret_are_sealed()
    {
        TestVault vault = await TestVault.CreateAsync();
        BusinessStore store = new(vault.Tables, vault.Sealer);
        Assert.True((await new CreateBusiness(store).ExecuteAsync(new CreateBusinessRequest("Blumen Müller"), None)).TryGet(out CreateBusinessResponse? made, out _));

        Business? found = await new BusinessStore(vault.Tables, vault.Restarted().Sealer).FindAsync(BusinessId.Parse(made.Id), None);
        Assert.Equal(("Blumen Müller", made.AppSecret, made.WabaId, made.AppId), (found?.Name.Reveal(), found?.AppSecret.Reveal(), found?.Waba.Value, found?.AppId));
        Assert.Matches("^[0-9a-f]{32}$", made.AppSecret);
        Assert.Equal([BusinessId.Parse(made.Id)], await store.ListAsync(None).ToListAsync());
        AssertNowhere(vault, "Blumen");
        AssertNowhere(vault, made.AppSecret);
        Assert.Null(await store.FindAsync(BusinessId.Create(), None));
    }

    [Fact]
    public async Task A_round_meets_every_business_once_wherever_it_begins()
    {
        TestVault vault = await TestVault.CreateAsync();
        BusinessStore store = new(vault.Tables, vault.Sealer);
        foreach (string name in (string[])["One", "Two", "Three"])
        {
            await new CreateBusiness(store).ExecuteAsync(new CreateBusinessRequest(name), None);
        }

        string[] all = [.. (await store.ListAsync(None).ToListAsync()).Select(business => business.Value)];
        foreach (string start in (string[])["", "0", .. all, "99999999999999999999"])
        {
            string[] round = [.. (await store.RoundAsync(start, None).ToListAsync()).Select(business => business.Value)];
            Assert.Equal(all, round.Order(StringComparer.Ordinal));
            Assert.Equal(all.FirstOrDefault(business => string.CompareOrdinal(business, start) > 0) ?? all[0], round[0]);
        }
    }

    public static TheoryData<string?, string?, string?> BadNumbers => new()
    {
        { null, "Name", null }, { "", "Name", null }, { "12", "Name", null }, { "01571234567", "Name", null }, { "+49 157 letters", "Name", null },
        { "++4915712345", "Name", null }, { "49+15712345", "Name", null }, { "1234567890123456", "Name", null },
        { "+4915712345678", null, null }, { "+4915712345678", "", null }, { "+4915712345678", new string('x', 101), null },
    };

    [Theory]
    [MemberData(nameof(BadNumbers))]
    public async Task A_number_is_one_and_has_a_name(string? number, string? name, string? id)
    {
        (TestVault vault, BusinessId business, RegisterNumber register) = await RegistrationAsync();
        int before = vault.Tables.Writes.Count;

        Assert.Equal(GraphErrorCode.ParameterInvalid, (await register.ExecuteAsync(business, new RegisterNumberRequest(number, name, id), None)).Error?.Code);
        Assert.Equal(before, vault.Tables.Writes.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("123456789")]
    public async Task Only_a_number_that_is_there_can_be_registered_again(string id)
    {
        (TestVault vault, BusinessId business, RegisterNumber register) = await RegistrationAsync();
        int before = vault.Tables.Writes.Count;

        Assert.Equal(GraphErrorCode.UnknownObject, (await register.ExecuteAsync(business, new RegisterNumberRequest("+4915712345678", "Name", id), None)).Error?.Code);
        Assert.Equal(before, vault.Tables.Writes.Count);
    }

    [Fact]
    public async Task An_unknown_business_gets_no_number()
    {
        (_, _, RegisterNumber register) = await RegistrationAsync();
        Assert.Equal(GraphErrorCode.UnknownObject, (await register.ExecuteAsync(BusinessId.Create(), new RegisterNumberRequest("+4915712345678", "Name"), None)).Error?.Code);
    }

    [Theory]
    [InlineData("+4915712345678", "4915712345678")]
    [InlineData("49 157 12345678", "4915712345678")]
    [InlineData("+49 (157) 123-456.78", "4915712345678")]
    [InlineData("(+49) 157 12345678", "4915712345678")]
    [InlineData("1234567", "1234567")]
    public void A_number_may_be_written_in_several_ways(string text, string digits)
    {
        Assert.True(PhoneNumber.TryParse(text, out PhoneNumber? number));
        Assert.Equal(digits, number.Digits);
    }

    private static async Task<(TestVault Vault, BusinessId Business, RegisterNumber Register)> RegistrationAsync()
    {
        TestVault vault = await TestVault.CreateAsync();
        BusinessStore businesses = new(vault.Tables, vault.Sealer);
        NumberStore numbers = new(vault.Tables, vault.Sealer);
        AccountDirectory accounts = new(businesses, numbers, new SubscriptionStore(vault.Tables, vault.Sealer), vault.Time);
        Assert.True((await new CreateBusiness(businesses).ExecuteAsync(new CreateBusinessRequest("B"), None)).TryGet(out CreateBusinessResponse? made, out _));

        // Nobody listens there: a request that gets so far is a test that fails.
        TransportClient transport = new(new HttpClient(), new Uri("http://127.0.0.1:1/"));
        RelayAddresses addresses = new(new Uri("http://127.0.0.1:1/"), new RoleSigner(new RoleKeys(new Secret("registration")), vault.Time));
        PreKeyStore preKeys = new(vault.Tables, vault.Sealer);
        KeepPreKeys keep = new(preKeys, new MakePreKeys(preKeys, vault.Time), transport, vault.Time);
        return (vault, BusinessId.Parse(made.Id), new RegisterNumber(accounts, numbers, preKeys, keep, transport, addresses));
    }

    private static void AssertNowhere(TestVault vault, string text)
    {
        foreach ((_, string partition, TableWrite write) in vault.Tables.Writes)
        {
            string all = partition + write.RowKey + string.Concat(write.Columns.Select(column => column.Key + (column.Value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : column.Value.ToString())));
            Assert.DoesNotContain(text, all, StringComparison.Ordinal);
        }
    }
}
