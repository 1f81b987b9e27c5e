using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using NCrontab;

namespace Relay.LocalHost;

/// <summary>
/// The closed contract of a function method, small enough that two hosts can keep it: it returns <c>Task&lt;IResult&gt;</c>
/// (HTTP) or <c>Task</c> (queue, timer), and takes only the request, route strings, the message body, the timer and a
/// cancellation token.
/// </summary>
internal static partial class FunctionContract
{
    public static CrontabSchedule? ParseSchedule(string schedule) =>
        CrontabSchedule.TryParse(schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true });

    public static IEnumerable<string> Violations(FunctionDefinition function)
    {
        var method = function.Method;
        var problems = new List<string>();

        if (!FunctionNamePattern().IsMatch(function.Name))
        {
            problems.Add("its name must be a letter followed by up to 127 letters, digits, '_' or '-'");
        }

        if (method.IsStatic || !method.IsPublic || method.IsGenericMethod || method.DeclaringType is not { IsAbstract: false, ContainsGenericParameters: false })
        {
            problems.Add("it must be a public instance method of a concrete class, without type parameters");
        }

        var returns = function is HttpFunction ? typeof(Task<IResult>) : typeof(Task);
        if (method.ReturnType != returns)
        {
            problems.Add($"it must return {(function is HttpFunction ? "Task<IResult>" : "Task")}");
        }

        problems.AddRange(function switch
        {
            HttpFunction http => OfHttp(http),
            QueueFunction queue => OfQueue(queue),
            TimerFunction timer => OfTimer(timer),
            _ => [],
        });
        return problems.Select(problem => $"Function '{function.Name}' ({method.DeclaringType?.Name}.{method.Name}): {problem}.");
    }

    private static IEnumerable<string> OfHttp(HttpFunction http)
    {
        // The Functions host refuses such a route at start-up; the path is its own administration API.
        if (http.Route.StartsWith("admin", StringComparison.OrdinalIgnoreCase))
        {
            yield return "its route starts with 'admin', which is the Functions host's own";
        }

        string? unreadable = null;
        IReadOnlyList<RoutePatternParameterPart> inRoute = [];
        try
        {
            inRoute = RoutePatternFactory.Parse(http.Route).Parameters;
        }
        catch (RoutePatternException exception)
        {
            unreadable = $"its route can't be read: {exception.Message}";
        }

        if (unreadable is not null)
        {
            yield return unreadable;
            yield break;
        }

        foreach (var parameter in Others(http.Method))
        {
            var allowed = Has<HttpTriggerAttribute>(parameter)
                ? parameter.ParameterType == typeof(HttpRequest)
                : parameter.ParameterType == typeof(string) && inRoute.Any(part => string.Equals(part.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));
            if (!allowed)
            {
                yield return $"parameter '{parameter.Name}' is neither the HttpRequest, a string of the route nor a CancellationToken";
            }
        }
    }

    private static IEnumerable<string> OfQueue(QueueFunction queue)
    {
        if (!QueueNamePattern().IsMatch(queue.Queue))
        {
            yield return "its queue's name must be 3 to 63 lower-case letters, digits and single hyphens";
        }

        if (queue.Connection.Length == 0)
        {
            yield return "its trigger names no Connection";
        }

        foreach (var parameter in Others(queue.Method).Where(parameter => !Has<QueueTriggerAttribute>(parameter) || parameter.ParameterType != typeof(string)))
        {
            yield return $"parameter '{parameter.Name}' is neither the message body (string) nor a CancellationToken";
        }
    }

    private static IEnumerable<string> OfTimer(TimerFunction timer)
    {
        if (ParseSchedule(timer.Schedule) is null)
        {
            yield return "its schedule isn't six NCRONTAB fields";
        }

        foreach (var parameter in Others(timer.Method).Where(parameter => !Has<TimerTriggerAttribute>(parameter) || parameter.ParameterType != typeof(TimerInfo)))
        {
            yield return $"parameter '{parameter.Name}' is neither the TimerInfo nor a CancellationToken";
        }
    }

    private static IEnumerable<ParameterInfo> Others(MethodInfo method) =>
        method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken));

    private static bool Has<TAttribute>(ParameterInfo parameter)
        where TAttribute : Attribute => parameter.GetCustomAttribute<TAttribute>() is not null;

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_\-]{0,127}\z")]
    private static partial Regex FunctionNamePattern();

    [GeneratedRegex(@"^(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex QueueNamePattern();
}
