using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Relay.LocalHost;

/// <summary>
/// Every function of some types, found by the worker's attributes, each obeying the closed contract of
/// <see cref="FunctionContract"/>; names are unique and no queue has two functions. A scan fails with all problems at once.
/// </summary>
public sealed class FunctionCatalog
{
    private FunctionCatalog(IReadOnlyList<FunctionDefinition> functions) => Functions = functions;

    /// <summary>In the order in which the Functions host tries their routes: by name, ordinal, case ignored.</summary>
    public IReadOnlyList<FunctionDefinition> Functions { get; }

    public IEnumerable<HttpFunction> Http => Functions.OfType<HttpFunction>();

    public IEnumerable<QueueFunction> Queues => Functions.OfType<QueueFunction>();

    public IEnumerable<TimerFunction> Timers => Functions.OfType<TimerFunction>();

    public static FunctionCatalog Scan(IEnumerable<Type> types)
    {
        var problems = new List<string>();
        var functions = types
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(method => (Method: method, method.GetCustomAttribute<FunctionAttribute>()?.Name))
            .Where(candidate => candidate.Name is not null)
            .Select(candidate => Define(candidate.Name ?? "", candidate.Method, problems))
            .OfType<FunctionDefinition>()
            .OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();

        problems.AddRange(functions
            .GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase)
            .Where(same => same.Count() > 1)
            .Select(same => $"Function name '{same.Key}' is used {same.Count()} times."));
        problems.AddRange(functions.OfType<QueueFunction>()
            .GroupBy(function => (function.Connection, function.Queue))
            .Where(same => same.Count() > 1)
            .Select(same => $"Queue '{same.Key.Queue}' has {same.Count()} functions: {string.Join(", ", same.Select(function => function.Name))}."));

        return problems.Count == 0
            ? new FunctionCatalog(functions)
            : throw new InvalidOperationException(string.Join(Environment.NewLine, problems.Prepend("These functions can't be hosted:")));
    }

    internal FunctionCatalog Without(IReadOnlySet<string> names) =>
        new([.. Functions.Where(function => !names.Contains(function.Name))]);

    private static FunctionDefinition? Define(string name, MethodInfo method, List<string> problems)
    {
        var triggers = method.GetParameters()
            .SelectMany(parameter => parameter.GetCustomAttributes())
            .Where(attribute => attribute is HttpTriggerAttribute or QueueTriggerAttribute or TimerTriggerAttribute)
            .ToList();
        FunctionDefinition? function = triggers switch
        {
            [HttpTriggerAttribute http] => new HttpFunction(name, method, (http.Route ?? name).Trim('/'), Verbs(http)),
            [QueueTriggerAttribute queue] => new QueueFunction(name, method, queue.QueueName, queue.Connection ?? ""),
            [TimerTriggerAttribute timer] => new TimerFunction(name, method, timer.Schedule, timer.RunOnStartup),
            _ => null,
        };
        problems.AddRange(function is null
            ? [$"Function '{name}' has {triggers.Count} triggers; one is needed."]
            : FunctionContract.Violations(function));
        return function;
    }

    private static string[] Verbs(HttpTriggerAttribute http) =>
        [.. (http.Methods ?? []).Select(verb => verb.ToUpperInvariant())];
}
