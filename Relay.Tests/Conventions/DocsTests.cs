using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Template;
using Relay.LocalHost;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>What strangers meet is documented: every table, every queue, every route.</summary>
public sealed class DocsTests
{
    private static readonly FunctionCatalog Catalog = FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes());

    [Fact]
    public void Every_table_has_a_row_in_the_storage_document()
    {
        string[] rows = FirstCells("docs/storage.md");
        Findings.None(TableNames.OfRelay.Union(TableNames.OfTransport).Where(name => !rows.Any(cell => cell.Contains($"`{name}`", StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_queue_has_a_row_in_the_storage_document()
    {
        string[] rows = FirstCells("docs/storage.md");
        Findings.None(QueueNames.OfRelay.Union(QueueNames.OfTransport).Where(name => !rows.Any(cell => cell.Contains($"`{name}`", StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_route_is_documented()
    {
        string[] documented = [.. Backticked("docs/wire-compatibility.md"), .. OpenApi("docs/transport.openapi.yaml")];
        Findings.None(
            from function in Catalog.Http
            let route = new HttpRoute(function, "")
            where !route.Template.Parameters.Any(parameter => parameter.IsCatchAll)
            from verb in function.Verbs
            let pattern = Pattern(verb, route.Template)
            where !documented.Any(text => pattern.IsMatch(text))
            select $"{verb} /{function.Route}");
    }

    [Theory]
    [InlineData("POST /{version}/{phone-number-id}/messages", true)]
    [InlineData("POST /v23.0/{phone-number-id}/messages", false)]
    [InlineData("GET /{version}/{phone-number-id}/messages", false)]
    [InlineData("POST /{version}/{phone-number-id}/media", false)]
    [InlineData("POST /{version}/{phone-number-id}/messages?x=1", true)]
    public void A_documented_route_has_the_same_literals_and_placeholders(string text, bool matches) =>
        Assert.Equal(matches, Pattern("POST", TemplateParser.Parse("{version}/{phoneNumberId}/messages")).IsMatch(text));

    private static Regex Pattern(string verb, RouteTemplate template) => new(
        $@"^{verb} " + string.Concat(template.Segments.Select(segment => "/" + string.Concat(segment.Parts.Select(part =>
            part.IsLiteral ? Regex.Escape(part.Text ?? "") : @"(\{[^{}/]+\}|<[^<>/]+>|:\w+)")))) + @"(\?|$)");

    /// <summary>The texts of one document that stand in backticks.</summary>
    private static IEnumerable<string> Backticked(string path) => Regex.Matches(Read(path), "`([^`\n]+)`").Select(match => match.Groups[1].Value.Trim());

    /// <summary>The operations of an OpenAPI document: a path at two spaces, its verbs at four. A server's base path goes before.</summary>
    private static IEnumerable<string> OpenApi(string path)
    {
        string current = "";
        foreach (string line in Read(path).Split('\n'))
        {
            if (Regex.Match(line, @"^  (/\S*):\s*$") is { Success: true } found)
            {
                current = found.Groups[1].Value;
            }
            else if (Regex.Match(line, @"^    (get|put|post|delete|patch|head|options):\s*$") is { Success: true } verb)
            {
                yield return $"{verb.Groups[1].Value.ToUpperInvariant()} {current}";
                yield return $"{verb.Groups[1].Value.ToUpperInvariant()} /transport/v1{current}";
            }
        }
    }

    private static string[] FirstCells(string path) =>
        [.. Read(path).Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Split('|')[1])];

    private static string Read(string path)
    {
        string full = Path.Combine(Repository.Root, path);
        Assert.True(File.Exists(full), $"{path} is missing.");
        return File.ReadAllText(full);
    }
}
