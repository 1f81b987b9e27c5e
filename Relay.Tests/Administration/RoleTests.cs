using System.Reflection;
using System.Text.RegularExpressions;
using Relay.LocalHost;
using Relay.Shared.Administration;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Administration;

/// <summary>
/// Every function of the admin API, as the catalogue has it, called by everybody: who may and who may not is what the one table says, and a business that somebody has no
/// role for is answered as one that isn't there. A new function has no row, and fails here until it has one.
/// </summary>
public sealed class RoleTests
{
    /// <summary>Says nothing, asks for nothing.</summary>
    private const string Ready = "AdminReady";

    private const string Unknown = "999999999999999";

    private static readonly HttpFunction[] s_functions = [.. FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes()).Http
        .Where(function => function.Route.StartsWith("relay/v1/admin/", StringComparison.Ordinal) && function.Name != Ready)];

    private static readonly string[] s_roles = ["ADMIN", "DEVELOPER", "ANALYST", "BILLING"];

    [Fact]
    public void Every_function_has_one_row()
    {
        Findings.None(s_functions.Where(function => AdminOperation.All.Count(row => row.Function == function.Name) != 1).Select(function => function.Name));
        Findings.None(AdminOperation.All.GroupBy(row => (row.Name, row.Reach)).Where(same => same.Count() > 1).Select(same => same.Key.Name));
    }

    [Theory]
    [InlineData("ADMIN")]
    [InlineData("DEVELOPER")]
    [InlineData("ANALYST")]
    [InlineData("BILLING")]
    public async Task Who_has_a_role_for_all_may_what_the_table_says(string role)
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        string business = await world.BusinessAsync();
        (string id, string key) = await world.PersonAsync(new { role });
        List<string> wrong = [];
        foreach (HttpFunction function in s_functions)
        {
            AdminOperation row = RowOf(function);
            string on = function.Name == "AdminCloseBusiness" ? await world.BusinessAsync() : business;
            string chain = IsOnOne(function) && !row.IsOperatorsAffair ? on : "0";
            int before = (await world.AuditAsync(chain)).Count;
            AdminAnswer answer = await world.CallAsync(new HttpMethod(function.Verbs[0]), Path(function, on), Body(function), key);
            bool may = Names(row.Roles).Contains(role);
            if (may == answer.Error is "200" or "190")
            {
                wrong.Add($"{function.Name}: {answer.Said}");
            }

            // Who has a role and may not do this is written down too.
            string[] recorded = [.. (await world.AuditAsync(chain)).Skip(before).Select(entry => $"{entry.Operation} {entry.Who}")];
            if ((row.IsRecorded ? recorded.FirstOrDefault() : string.Join(", ", recorded)) != (row.IsRecorded ? $"{row.Name}{(may ? "" : ".denied")} key:{id}" : ""))
            {
                wrong.Add($"{function.Name} recorded {string.Join(", ", recorded)}");
            }
        }

        Findings.None(wrong);
    }

    [Theory]
    [InlineData("ADMIN")]
    [InlineData("DEVELOPER")]
    [InlineData("ANALYST")]
    [InlineData("BILLING")]
    public async Task Who_has_a_role_for_one_business_sees_no_other(string role)
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        (string own, string other) = (await world.BusinessAsync(), await world.BusinessAsync());
        (_, string key) = await world.PersonAsync(new { role, business_id = own });
        List<string> wrong = [];
        foreach (HttpFunction function in s_functions)
        {
            HttpMethod method = new(function.Verbs[0]);
            AdminOperation row = RowOf(function);
            if (IsOnOne(function))
            {
                AdminAnswer foreign = await world.CallAsync(method, Path(function, other), Body(function), key);
                AdminAnswer unknown = await world.CallAsync(method, Path(function, Unknown), Body(function), key);
                AdminAnswer none = await world.CallAsync(method, Path(function, "x"), Body(function), key);
                AdminAnswer operators = await world.CallAsync(method, Path(function, "0"), Body(function), key);
                if (foreign.Error != "100/33" || new[] { unknown, none, operators }.Any(one => one.Said != foreign.Said))
                {
                    wrong.Add($"{function.Name}: {foreign.Said} {unknown.Said} {none.Said} {operators.Said}");
                }
            }

            if (row.Reach == AdminReach.All && (await world.CallAsync(method, Path(function, own), Body(function), key)).Error != "200")
            {
                wrong.Add(function.Name);
            }
        }

        Findings.None(wrong);
        Assert.DoesNotContain(await world.AuditAsync(other), entry => entry.Who.StartsWith("key:", StringComparison.Ordinal));
        AdminAnswer list = await world.GetAsync("businesses", key);
        Assert.Equal([own], list.Json.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Nobody_without_a_credential_may_anything()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        string business = await world.BusinessAsync();
        (string id, string key) = await world.PersonAsync(new { role = "ADMIN" });
        await world.DoAsync(HttpMethod.Delete, $"people/{id}");
        int entries = (await world.AuditAsync(business)).Count;
        string[] credentials = ["x", world.AdminToken + "x", key, key[..^2] + "AA"];
        foreach (HttpFunction function in s_functions)
        {
            foreach (string credential in credentials.Take(2))
            {
                AdminAnswer answer = await world.CallAsync(new HttpMethod(function.Verbs[0]), Path(function, business), Body(function), credential);
                Assert.True(answer.Error == "190", $"{function.Name}: {answer.Said}");
            }
        }

        Assert.Equal(entries, (await world.AuditAsync(business)).Count);
        world.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(["190", "190"], [(await world.GetAsync("people", key)).Error, (await world.GetAsync("people", credentials[3])).Error]);
    }

    /// <summary>The document says what the table says.</summary>
    [Fact]
    public void The_table_is_documented()
    {
        string text = File.ReadAllText(System.IO.Path.Combine(Repository.Root, "docs/wire-compatibility.md"));
        Findings.None(
            from row in AdminOperation.All
            where row.Function.StartsWith("Admin", StringComparison.Ordinal)
            let cells = string.Join(" | ", s_roles.Select(role => Names(row.Roles).Contains(role) ? "yes" : "no"))
            let line = $"| `{row.Name}` | {row.Reach switch { AdminReach.Business => "one business", AdminReach.All => "all", _ => "own" }} | {cells} | {(row.IsRecorded ? "yes" : "no")} |"
            where !text.Contains(line, StringComparison.Ordinal)
            select line);
    }

    private static bool IsOnOne(HttpFunction function) => function.Route.Contains("{businessId}", StringComparison.Ordinal);

    private static AdminOperation RowOf(HttpFunction function) => AdminOperation.All.Single(row => row.Function == function.Name);

    private static string[] Names(AdminRoles roles) => [.. s_roles.Where(role => roles.HasFlag(Enum.Parse<AdminRoles>(role, ignoreCase: true)))];

    /// <summary>With ids of the right form that nobody has.</summary>
    private static string Path(HttpFunction function, string business) => Regex.Replace(function.Route["relay/v1/admin/".Length..], @"\{(\w+)\}", place => place.Groups[1].Value switch
    {
        "businessId" => business,
        "tokenId" or "subscriberId" or "personId" => "0123456789abcdef",
        "phoneNumberId" or "userId" => Unknown,
        "keyId" => "v1",
        "reportId" => "20260302-0123456789abcdef0123456789abcdef",
        { } name => throw new InvalidOperationException($"No value for {name}."),
    });

    /// <summary>One that says nothing, so that nothing is changed by who may.</summary>
    private static object? Body(HttpFunction function) => function.Verbs[0] is "POST" or "PUT" ? new { } : null;
}
