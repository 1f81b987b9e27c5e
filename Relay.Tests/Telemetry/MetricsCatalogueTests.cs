using System.Text.RegularExpressions;
using Relay.Shared.Telemetry;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Telemetry;

/// <summary>The catalogue is closed, and it is all there is: names, tags and values, in the code, in the document and on the dashboard.</summary>
public sealed partial class MetricsCatalogueTests
{
    private const string Catalogue = "Relay.Shared/Telemetry/RelayMetrics.cs";
    private const string Spans = "Relay.Shared/Telemetry/RelayTraces.cs";

    [Fact]
    public void Nobody_else_makes_an_instrument_or_a_span() => Findings.None(
        from file in SourceFile.CSharp
        where Regex.IsMatch(file.Path, "^Relay.(Shared|Functions|LocalHost|Phone)/") && file.Path is not (Catalogue or Spans)
        from line in file.Code()
        where MakesOne().IsMatch(line)
        select $"{file.Path}: {line.Trim()}");

    [Theory]
    [InlineData("using Meter meter = new(\"x\");")]
    [InlineData("var meter = new Meter(name);")]
    [InlineData("_count = meter.CreateCounter<long>(\"x\");")]
    [InlineData("meter.CreateObservableGauge(\"x\", () => 1);")]
    [InlineData("ActivitySource source = new(\"x\");")]
    [InlineData("Activity activity = new Activity(\"x\");")]
    public void The_search_finds_what_makes_one(string line) => Assert.Matches(MakesOne(), line);

    [Fact]
    public void Every_entry_says_what_it_is()
    {
        Assert.True(RelayMetrics.All.Count >= 15);
        Assert.Equal(RelayMetrics.All.Count, RelayMetrics.All.Select(one => one.Name).Distinct().Count());
        Findings.None(RelayMetrics.All.Where(one => !Name().IsMatch(one.Name) || one.Unit.Length == 0 || !one.Description.EndsWith('.')).Select(one => one.Name));
    }

    /// <summary>Short words of ours: nothing that a user, a business or a token could be told by.</summary>
    [Fact]
    public void Every_tag_has_a_short_list_of_values() => Findings.None(
        from tag in RelayMetrics.All.SelectMany(one => one.Tags).Append(RelayTraces.Outcome)
        from value in tag.Values.Count is 0 or > 100 ? ["<too many>"] : tag.Values
        where !Value().IsMatch(value) || tag.Key is "business" or "number" or "user" or "phone"
        select $"{tag.Key}={value}");

    [Fact]
    public void Operations_is_told_every_instrument_as_it_is()
    {
        string document = Read("docs/operations.md");
        Findings.None(RelayMetrics.All.Select(Row).Where(row => !document.Contains(row, StringComparison.Ordinal)));
        Findings.None(Named(document).Except(Known()));
    }

    [Fact]
    public void The_dashboard_asks_for_instruments_of_the_catalogue_and_for_nearly_all()
    {
        string[] asked = [.. Named(Read("infra/dashboard.json"))];
        Assert.True(asked.Length >= RelayMetrics.All.Count);
        Findings.None(asked.Except(RelayMetrics.All.Select(one => one.Name)));
        Findings.None(RelayMetrics.All.Select(one => one.Name).Except(asked));
    }

    [Fact]
    public void The_dashboard_is_json_and_splits_by_tags_of_the_catalogue()
    {
        using System.Text.Json.JsonDocument workbook = System.Text.Json.JsonDocument.Parse(Read("infra/dashboard.json"));
        string[] queries =
        [
            .. workbook.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("content"))
                .Where(content => content.TryGetProperty("query", out _)).Select(content => content.GetProperty("query").GetString() ?? ""),
        ];
        Assert.NotEmpty(queries);
        Findings.None(
            from query in queries
            let name = Regex.Match(query, "name == '([^']+)'").Groups[1].Value
            let entry = RelayMetrics.All.SingleOrDefault(one => one.Name == name)
            from tag in Regex.Matches(query, @"customDimensions\['([^']+)'\]").Select(match => match.Groups[1].Value).DefaultIfEmpty()
            where entry is null || (tag is not null && entry.Tags.All(known => known.Key != tag))
            select query);
    }

    internal static string Row(MeteredInstrument one) =>
        $"| `{one.Name}` | {one.Kind}, {one.Unit} | {string.Join(", ", one.Tags.Select(tag => $"`{tag.Key}`: {Values(tag)}"))} | {one.Description} |";

    private static string Values(TagSet tag) => tag.Key == "code" ? "an error's code, or code/subcode" : string.Join(", ", tag.Values);

    private static IEnumerable<string> Known() => RelayMetrics.All.Select(one => one.Name).Concat(RelayTraces.All).Append(RelayTraces.Outcome.Key);

    private static IEnumerable<string> Named(string text) => InstrumentName().Matches(text).Select(match => match.Groups[1].Value).Distinct();

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    [GeneratedRegex(@"\bMeter\b[^;(]*new|new (Meter|ActivitySource|Activity)\(|ActivitySource\b[^;(]*new|\.Create(Observable)?(Counter|UpDownCounter|Gauge|Histogram)\b")]
    private static partial Regex MakesOne();

    [GeneratedRegex("^relay(\\.[a-z]+)(\\.[a-z_]+)$")]
    private static partial Regex Name();

    [GeneratedRegex("^([a-z_]+(:[a-z]+)?|[0-9]{1,6}(/[0-9]{1,7})?)$")]
    private static partial Regex Value();

    [GeneratedRegex("['`](relay\\.[a-z_.]+)['`]")]
    private static partial Regex InstrumentName();
}
