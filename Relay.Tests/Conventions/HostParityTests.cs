using System.Collections;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Relay.LocalHost;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>Azure's host and the local one run the same functions: the same methods, the same names, the same narrow signature.</summary>
public sealed class HostParityTests
{
    private static readonly Assembly Functions = Assembly.Load("Relay.Functions");

    private static readonly FunctionCatalog Catalog = FunctionCatalog.Scan(Functions.GetTypes());

    [Fact]
    public void Every_function_obeys_the_closed_contract() =>
        Assert.Empty(Catalog.Functions.SelectMany(FunctionContract.Violations));

    [Fact]
    public void Every_function_that_waits_for_something_can_be_cancelled_and_the_token_comes_last() =>
        Assert.Empty(Catalog.Functions
            .Where(function => HasCollaborators(function.Method.DeclaringType))
            .Where(function => function.Method.GetParameters().LastOrDefault()?.ParameterType != typeof(CancellationToken))
            .Select(function => function.Name));

    [Fact]
    public void A_method_with_a_trigger_has_a_name_to_be_found_by() =>
        Assert.Empty(Functions.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is null && method.GetParameters().Any(IsTrigger))
            .Select(method => $"{method.DeclaringType?.Name}.{method.Name}"));

    /// <summary>The worker's own list is made by its source generator, so it exists only in a build with the real SDK.</summary>
    [Fact]
    public async Task The_workers_list_of_functions_is_the_local_hosts()
    {
        if (Functions.GetTypes().SingleOrDefault(type => type.Name == "GeneratedFunctionMetadataProvider") is not { } generated)
        {
            return;
        }

        var provider = Activator.CreateInstance(generated);
        var listing = (Task)generated.GetMethod("GetFunctionMetadataAsync")!.Invoke(provider, [AppContext.BaseDirectory])!;
        await listing;
        var workers = (IEnumerable)listing.GetType().GetProperty("Result")!.GetValue(listing)!;

        Assert.Equal(
            Catalog.Functions.Select(function => function.Name).Order(StringComparer.Ordinal),
            workers.Cast<object>().Select(function => (string)function.GetType().GetProperty("Name")!.GetValue(function)!).Order(StringComparer.Ordinal));
    }

    private static bool IsTrigger(ParameterInfo parameter) =>
        parameter.GetCustomAttributes().Any(attribute => attribute is HttpTriggerAttribute or QueueTriggerAttribute or TimerTriggerAttribute);

    /// <summary>A class without any answers at once.</summary>
    private static bool HasCollaborators(Type? type) => type?.GetConstructors().Any(constructor => constructor.GetParameters().Length > 0) == true;
}
