using System.Reflection;
using Microsoft.AspNetCore.Http;
using Relay.LocalHost;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>
/// The Functions host tries routes by the names of the functions. So that no rename can change what a path means, no two
/// routes of one verb take the same path; only a catch-all may, and its name sorts last.
/// </summary>
public sealed class RouteTableTests
{
    private const string LastPrefix = "zz";

    private static readonly FunctionCatalog Catalog = FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes());

    [Fact]
    public void No_two_routes_of_one_verb_take_the_same_path() => Assert.Empty(Overlaps(RoutesOf(Catalog.Http)));

    [Fact]
    public void A_catch_all_comes_after_every_other_function() => Assert.Empty(EarlyCatchAlls(Catalog));

    [Fact]
    public void Routes_are_of_a_kind_that_can_be_judged() => Assert.Empty(Unjudged(RoutesOf(Catalog.Http)));

    [Theory]
    [InlineData("{version}/{id}/messages", "{version}/{id}/media", false)]
    [InlineData("{version}/{id}/messages", "relay/{id}/messages", true)]
    [InlineData(@"{version:regex(^v\d+\.\d+$)}/{id}/messages", "relay/{id}/messages", false)]
    [InlineData(@"{version:regex(^v\d+\.\d+$)}/{id}", @"{node:regex(^\d+$)}/{id}", false)]
    [InlineData(@"{version:regex(^v\d+\.\d+$)}/{id:regex(^\d+$)}", "{version}/debug_token", false)]
    [InlineData("{version}/{id}", "{version}/debug_token", true)]
    [InlineData("a/b", "A/B", true)]
    [InlineData("a/b", "a/b/c", false)]
    public void Two_routes_meet_when_a_path_satisfies_both(string one, string other, bool meet)
    {
        var routes = RoutesOf([Sample("One", one, "GET"), Sample("Two", other, "GET")]);

        Assert.Equal(meet, Overlaps(routes).Any());
        Assert.Empty(Unjudged(routes));
    }

    [Theory]
    [InlineData("GET", "POST", false)]
    [InlineData("GET", "", true)]
    public void Routes_of_different_verbs_do_not_meet(string one, string other, bool meet) =>
        Assert.Equal(meet, Overlaps(RoutesOf([Sample("One", "a", one), Sample("Two", "a", other)])).Any());

    [Fact]
    public void A_route_that_no_sample_satisfies_is_noticed() =>
        Assert.Single(Unjudged(RoutesOf([Sample("One", "{id:regex(^#$)}", "GET")])));

    private static HttpRoute[] RoutesOf(IEnumerable<HttpFunction> functions) => [.. functions.Select(function => new HttpRoute(function, ""))];

    private static bool IsCatchAll(HttpRoute route) => route.Template.Parameters.Any(parameter => parameter.IsCatchAll);

    private static IEnumerable<string> Overlaps(HttpRoute[] routes)
    {
        var plain = routes.Where(route => !IsCatchAll(route)).ToList();
        var overlap = new RouteOverlap(plain);
        return
            from one in plain
            from other in plain
            where string.CompareOrdinal(one.Function.Name, other.Function.Name) < 0 && overlap.Meet(one, other)
            select $"{one.Function.Name} ({one.Function.Route}) and {other.Function.Name} ({other.Function.Route})";
    }

    private static IEnumerable<string> EarlyCatchAlls(FunctionCatalog catalog) =>
        from route in RoutesOf(catalog.Http)
        where IsCatchAll(route) && (!route.Function.Name.StartsWith(LastPrefix, StringComparison.Ordinal) || catalog.Http.Last() != route.Function)
        select route.Function.Name;

    /// <summary>Optional segments and defaults make one route several; a place that takes no sample proves nothing.</summary>
    private static IEnumerable<string> Unjudged(HttpRoute[] routes)
    {
        var plain = routes.Where(route => !IsCatchAll(route)).ToList();
        var overlap = new RouteOverlap(plain);
        return
            from route in plain
            where route.Template.Parameters.Any(parameter => parameter.IsOptional || parameter.DefaultValue is not null)
                || Enumerable.Range(0, route.Template.Segments.Count).Any(index => overlap.Accepted(route, index).Count == 0)
            select $"{route.Function.Name} ({route.Function.Route})";
    }

    private static HttpFunction Sample(string name, string route, string verb) =>
        new(name, ((Func<Task<IResult>>)(() => Task.FromResult(Results.Ok()))).Method, route, verb.Length == 0 ? [] : [verb]);
}
