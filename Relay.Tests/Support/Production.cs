using System.Reflection;
using System.Runtime.CompilerServices;
using Relay.LocalHost;
using Relay.Phone;
using Relay.Shared.Primitives;

namespace Relay.Tests.Support;

/// <summary>Everything we ship, as conventions look at it.</summary>
internal static class Production
{
    public static IReadOnlyList<Assembly> Assemblies { get; } =
        [typeof(Secret).Assembly, Assembly.Load("Relay.Functions"), typeof(LocalRelay).Assembly, typeof(PhoneDevice).Assembly];

    /// <summary>The types somebody wrote; what compilers and source generators add is left out.</summary>
    public static IReadOnlyList<Type> Types { get; } = [.. Assemblies.SelectMany(WrittenIn)];

    public static IEnumerable<Type> WrittenIn(Assembly assembly) => assembly.GetTypes().Where(IsWritten);

    public static bool IsRecord(Type type) => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) is not null;

    private static bool IsWritten(Type type) =>
        !type.IsDefined(typeof(CompilerGeneratedAttribute), false)
        && !type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), false)
        && !type.Name.Contains('<', StringComparison.Ordinal)
        && type.Namespace?.StartsWith("Relay", StringComparison.Ordinal) == true
        && (type.DeclaringType is null || IsWritten(type.DeclaringType));
}
