using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Relay.LocalHost;

/// <summary>Says whether one HTTP function takes a verb and a path. Knows nothing of other routes.</summary>
internal sealed class HttpRoute
{
    private static readonly DefaultInlineConstraintResolver Constraints = CreateResolver();

    /// <summary>"/" and the first segment when that is literal: most routes are ruled out by it, at no cost.</summary>
    private readonly PathString _start;
    private readonly TemplateMatcher _matcher;
    private readonly IDictionary<string, IRouteConstraint> _constraints;

    /// <exception cref="InvalidOperationException">A constraint of the route is unknown.</exception>
    public HttpRoute(HttpFunction function, string prefix)
    {
        Function = function;
        var template = TemplateParser.Parse(prefix.Length == 0 ? function.Route : $"{prefix}/{function.Route}");
        var defaults = new RouteValueDictionary();
        var constraints = new RouteConstraintBuilder(Constraints, function.Name);
        foreach (var parameter in template.Parameters)
        {
            var name = parameter.Name ?? "";
            if (parameter.DefaultValue is not null)
            {
                defaults[name] = parameter.DefaultValue;
            }

            foreach (var constraint in parameter.InlineConstraints)
            {
                constraints.AddResolvedConstraint(name, constraint.Constraint);
            }

            if (parameter.IsOptional)
            {
                constraints.SetOptional(name);
            }
        }

        Template = template;
        _start = template.Segments is [{ IsSimple: true } first, ..] && first.Parts[0] is { IsLiteral: true, Text: { } text } ? new PathString("/" + text) : default;
        _matcher = new TemplateMatcher(template, defaults);
        _constraints = constraints.Build();
    }

    public HttpFunction Function { get; }

    public RouteTemplate Template { get; }

    public bool Takes(string verb) => Function.Verbs.Count == 0 || Function.Verbs.Contains(verb, StringComparer.OrdinalIgnoreCase);

    public bool TryMatch(PathString path, RouteValueDictionary values) =>
        path.StartsWithSegments(_start, StringComparison.OrdinalIgnoreCase)
        && _matcher.TryMatch(path, values)
        && _constraints.All(constraint => constraint.Value.Match(null, null, constraint.Key, values, RouteDirection.IncomingRequest));

    private static DefaultInlineConstraintResolver CreateResolver()
    {
        var options = new RouteOptions();
        options.SetParameterPolicy<RegexInlineRouteConstraint>("regex");
        return new DefaultInlineConstraintResolver(Options.Create(options), new ServiceCollection().BuildServiceProvider());
    }
}
