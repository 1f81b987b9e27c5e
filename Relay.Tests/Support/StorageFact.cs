using System.Reflection;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Relay.Tests.Support;

/// <summary>
/// A fact of a storage contract. The class that inherits it may need a tier (<see cref="AzuriteTierAttribute"/>,
/// <see cref="AzureTierAttribute"/>); where the tier isn't there the fact is skipped with the reason.
/// </summary>
[XunitTestCaseDiscoverer("Relay.Tests.Support.StorageFactDiscoverer", "Relay.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class StorageFactAttribute : FactAttribute
{
    /// <summary>Why this can't be shown where time is a real server's; null when it can.</summary>
    public string? OnlyWithManualTime { get; init; }
}

/// <summary>Says what a class of storage tests needs.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class StorageTierAttribute : Attribute
{
    public abstract string? Missing { get; }
}

/// <summary>Runs against Azurite.</summary>
public sealed class AzuriteTierAttribute : StorageTierAttribute
{
    public override string? Missing => StorageTier.AzuriteMissing;
}

/// <summary>Runs against a real storage account.</summary>
public sealed class AzureTierAttribute : StorageTierAttribute
{
    public override string? Missing => StorageTier.AzureMissing;
}

public sealed class StorageFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new StorageTestCase(diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

public sealed class StorageTestCase : XunitTestCase
{
    [Obsolete("For deserialisation only", error: true)]
    public StorageTestCase()
    {
    }

    public StorageTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod testMethod)
        : base(diagnostics, display, options, testMethod)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute)
    {
        StorageTierAttribute? tier = TestMethod.TestClass.Class.ToRuntimeType().GetCustomAttribute<StorageTierAttribute>();
        return tier?.Missing
            ?? (tier is null ? null : factAttribute.GetNamedArgument<string?>(nameof(StorageFactAttribute.OnlyWithManualTime)))
            ?? base.GetSkipReason(factAttribute);
    }
}
