using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Relay.LocalHost;

namespace Relay.Tests.Conventions;

/// <summary>
/// Decides whether two routes can take the same path and verb. Segment by segment: two segments meet when some sample
/// text satisfies both; the samples are all literals of the table and texts of the kinds that Relay's ids have.
/// </summary>
internal sealed class RouteOverlap
{
    private static readonly string[] Kinds =
        ["v23.0", "v1", "v1.0.0", "0", "1234567890", "abc", "Ab-c_9", "wamid.HBgL", "+15550001", "~", "a.b", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"];

    private readonly string[] _samples;

    public RouteOverlap(IReadOnlyCollection<HttpRoute> routes) =>
        _samples = [.. routes.SelectMany(route => route.Template.Segments).SelectMany(segment => segment.Parts).Select(part => part.Text).OfType<string>().Concat(Alternatives(routes)).Concat(Kinds).Distinct()];

    /// <summary>What a place takes that lists it: <c>regex(^(a|b)$)</c>.</summary>
    private static IEnumerable<string> Alternatives(IEnumerable<HttpRoute> routes) =>
        from route in routes
        from segment in route.Template.Segments
        from part in segment.Parts
        from constraint in part.InlineConstraints
        let list = Regex.Match(constraint.Constraint, @"^regex\(\^\(([\w|]+)\)\$\)$")
        where list.Success
        from name in list.Groups[1].Value.Split('|')
        select name;

    public bool Meet(HttpRoute one, HttpRoute other) =>
        (one.Function.Verbs.Count == 0 || other.Function.Verbs.Count == 0 || one.Function.Verbs.Intersect(other.Function.Verbs).Any())
        && one.Template.Segments.Count == other.Template.Segments.Count
        && Enumerable.Range(0, one.Template.Segments.Count).All(index => Accepted(one, index).Intersect(Accepted(other, index), StringComparer.OrdinalIgnoreCase).Any());

    /// <summary>The samples that the route takes at that place. Empty means that the samples are too few to judge it.</summary>
    public IReadOnlyList<string> Accepted(HttpRoute route, int index)
    {
        var alone = new HttpRoute(route.Function with { Route = Text(route.Template.Segments[index]) }, "");
        return [.. _samples.Where(sample => alone.TryMatch(new PathString("/" + sample), new RouteValueDictionary()))];
    }

    private static string Text(TemplateSegment segment) => string.Concat(segment.Parts.Select(part =>
        part.IsLiteral ? part.Text : $"{{{part.Name}{string.Concat(part.InlineConstraints.Select(constraint => ":" + constraint.Constraint))}}}"));
}
