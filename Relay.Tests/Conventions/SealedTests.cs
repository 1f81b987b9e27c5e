using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>Nothing is made to be inherited from by accident.</summary>
public sealed class SealedTests
{
    [Fact]
    public void Every_class_is_sealed_abstract_or_static()
    {
        IEnumerable<Type> open = Production.Types.Concat(Production.WrittenIn(typeof(SealedTests).Assembly))
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false });

        Assert.Contains(typeof(Relay.Shared.Primitives.Secret), Production.Types);
        Findings.None(open.Select(type => type.FullName));
    }
}
