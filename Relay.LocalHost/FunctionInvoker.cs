using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Relay.LocalHost;

/// <summary>
/// Calls functions as the worker does: an instance per call from a scope of its own, arguments by type and name. An
/// exception arrives as the function threw it.
/// </summary>
internal sealed class FunctionInvoker(IServiceProvider services, FunctionCatalog catalog)
{
    /// <summary>Compiled once for all hosts of a process: tests start hundreds.</summary>
    private static readonly ConcurrentDictionary<MethodInfo, Func<object, object?[], Task>> Compiled = new();

    private readonly Dictionary<MethodInfo, Func<object, object?[], Task>> _calls =
        catalog.Functions.ToDictionary(function => function.Method, function => Compiled.GetOrAdd(function.Method, Compile));

    public async Task InvokeHttpAsync(HttpFunction function, HttpContext context, RouteValueDictionary routeValues)
    {
        // The catalogue has checked the return type, so this cast can't fail.
        var call = (Task<IResult>)Call(function, context.RequestServices, parameter =>
            parameter.ParameterType == typeof(HttpRequest) ? context.Request : routeValues[parameter.Name ?? ""], context.RequestAborted);
        var result = await call;
        await result.ExecuteAsync(context);
    }

    public Task InvokeQueueAsync(QueueFunction function, string body, CancellationToken cancellationToken) =>
        InvokeAsync(function, body, cancellationToken);

    public Task InvokeTimerAsync(TimerFunction function, TimerInfo timer, CancellationToken cancellationToken) =>
        InvokeAsync(function, timer, cancellationToken);

    private async Task InvokeAsync(FunctionDefinition function, object trigger, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        await Call(function, scope.ServiceProvider, _ => trigger, cancellationToken);
    }

    private Task Call(FunctionDefinition function, IServiceProvider scope, Func<ParameterInfo, object?> bind, CancellationToken cancellationToken)
    {
        var type = function.Method.DeclaringType ?? throw new InvalidOperationException($"Function '{function.Name}' has no class.");
        var arguments = function.Method.GetParameters()
            .Select(parameter => parameter.ParameterType == typeof(CancellationToken) ? cancellationToken : bind(parameter))
            .ToArray();
        return _calls[function.Method](ActivatorUtilities.GetServiceOrCreateInstance(scope, type), arguments);
    }

    /// <summary>(instance, arguments) => ((Class)instance).Method((T0)arguments[0], …): a typed call, so nothing is wrapped.</summary>
    private static Func<object, object?[], Task> Compile(MethodInfo method)
    {
        var instance = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var values = method.GetParameters().Select((parameter, index) =>
            Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(index)), parameter.ParameterType));
        var call = Expression.Call(Expression.Convert(instance, method.DeclaringType ?? typeof(object)), method, values);
        return Expression.Lambda<Func<object, object?[], Task>>(Expression.Convert(call, typeof(Task)), instance, arguments).Compile();
    }
}
