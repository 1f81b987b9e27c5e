using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.Shared.Graph;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Accounts;

/// <summary>Every operation of the official specification is answered: it works, or an error says why it doesn't.</summary>
public sealed partial class OutOfScopeTests
{
    private const int Paths = 78;
    private const int Operations = 113;

    [Fact]
    public async Task Every_edge_that_relay_lacks_says_why()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        foreach (string edge in OutOfScope.Edges)
        {
            string details = await business.GetAsync($"v25.0/{business.WabaId}/{edge}").FailsAsync(100);
            Assert.StartsWith($"{edge} is not part of Relay: ", details, StringComparison.Ordinal);
            Assert.Equal(details, await business.PostAsync("""{"x":1}""", path: $"{business.PhoneNumberId}/{edge}").FailsAsync(100));
            Assert.Equal(details, await business.DeleteAsync($"v23.0/1/{edge}/").FailsAsync(100));
            await business.PostAsync("{}", token: "x", path: $"{business.PhoneNumberId}/{edge}").FailsAsync(190);
        }
    }

    [Fact]
    public async Task No_operation_of_the_official_specification_is_an_unknown_path()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        List<string> unknown = [];
        foreach ((string verb, string path, string answer) in Rows())
        {
            string real = path.Replace("{Phone-Number-ID}", business.PhoneNumberId, StringComparison.Ordinal).Replace("{WABA-ID}", business.WabaId, StringComparison.Ordinal);
            string asked = "v23.0/" + Placeholder().Replace(real, "1234567890");
            (_, JsonElement told) = verb switch
            {
                "GET" => await business.GetAsync(asked),
                "POST" => await business.PostAsync("{}", path: asked),
                _ => await business.DeleteAsync(asked),
            };
            bool isUnknown = told.ValueKind == JsonValueKind.Object && told.TryGetProperty("error", out JsonElement error) && error.GetProperty("code").GetInt32() == 2500;
            if (isUnknown != answer.StartsWith("out of scope", StringComparison.Ordinal))
            {
                unknown.Add($"{verb} {path}");
            }
        }

        Findings.None(unknown);
    }

    [Fact]
    public void Each_operation_of_the_official_specification_has_a_row_and_the_tests_it_names()
    {
        (string Verb, string Path, string Answer)[] rows = [.. Rows()];
        Assert.Equal((Paths, Operations), (rows.Select(row => row.Path).Distinct().Count(), rows.Select(row => (row.Verb, row.Path)).Distinct().Count()));
        HashSet<string> tests =
        [
            .. typeof(OutOfScopeTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(FactAttribute), inherit: true)).Select(method => method.Name),
        ];
        Findings.None(
            from row in rows
            let named = Named().Matches(row.Answer).Select(match => match.Groups[1].Value).ToArray()
            where named.Any(test => !tests.Contains(test))
                || !(row.Answer.StartsWith("works: ", StringComparison.Ordinal) || row.Answer.StartsWith("documented error 100", StringComparison.Ordinal) || row.Answer.StartsWith("out of scope: ", StringComparison.Ordinal))
            select $"{row.Verb} {row.Path}: {row.Answer}");
    }

    private static IEnumerable<(string Verb, string Path, string Answer)> Rows() =>
        from line in File.ReadLines(Path.Combine(Repository.Root, "docs/wire-compatibility.md"))
        let row = Row().Match(line)
        where row.Success
        select (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value);

    [GeneratedRegex(@"^\| (GET|POST|DELETE) \| (\S+) \| (.+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"\*(\w+)\*")]
    private static partial Regex Named();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Placeholder();
}
