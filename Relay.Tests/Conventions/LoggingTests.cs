using System.Reflection;
using Microsoft.Extensions.Logging;
using Relay.Functions.Http;
using Relay.LocalHost;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Relay.Tests.Conventions;

/// <summary>What the system can say, and that it can't say what somebody wrote: a free text can't be logged by construction.</summary>
public sealed class LoggingTests(ITestOutputHelper output)
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Ids that Relay makes, never what a client or a user chose. A new one is added here after a look at how it prints.</summary>
    private static readonly HashSet<Type> Identifiers =
    [
        typeof(BusinessId), typeof(PhoneNumberId), typeof(WabaId), typeof(SubscriberId), typeof(ConversationId), typeof(EnvelopeId), typeof(ConversationKey), typeof(UtcDay),
        typeof(TraceId), typeof(FaultKind), typeof(QueueName), typeof(FunctionName),
    ];

    /// <summary>Exceptions whose messages are made of our own words, names and status codes: <see cref="Our_exceptions_say_only_what_we_wrote"/>.</summary>
    private static readonly HashSet<Type> Exceptions = [typeof(StorageFaultException), typeof(SealBrokenException)];

    private static readonly (MethodInfo Method, LoggerMessageAttribute Message)[] Methods =
    [
        .. from assembly in Production.Assemblies
           from type in assembly.GetTypes()
           from method in type.GetMethods(Any)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (method, message),
    ];

    [Fact]
    public void Nothing_but_identifiers_enums_numbers_and_times_is_logged()
    {
        Assert.NotEmpty(Methods);
        Findings.None(
            from one in Methods
            from parameter in one.Method.GetParameters()
            where !IsHarmless(parameter.ParameterType)
            select $"{Name(one.Method)}: {parameter.ParameterType.Name} {parameter.Name}");
    }

    [Fact]
    public void Every_event_has_an_id_of_its_own()
    {
        foreach ((MethodInfo method, LoggerMessageAttribute message) in Methods.OrderBy(one => one.Message.EventId))
        {
            output.WriteLine($"{message.EventId,5} {message.Level,-12} {Name(method),-45} {message.Message}");
        }

        Findings.None(Methods.Where(one => one.Message.EventId < 100).Select(one => Name(one.Method)));
        Findings.None(Methods.GroupBy(one => one.Message.EventId).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key}: {string.Join(", ", same.Select(one => Name(one.Method)))}"));
    }

    [Fact]
    public void What_a_class_can_say_stands_in_its_own_Log() =>
        Findings.None(Methods.Where(one => one.Method is not { IsStatic: true, DeclaringType: { Name: "Log", IsNestedPrivate: true, IsAbstract: true, IsSealed: true } })
            .Select(one => Name(one.Method)));

    [Fact]
    public void Every_event_has_a_level_and_a_text() =>
        Findings.None(Methods.Where(one => one.Message.Level == LogLevel.None || string.IsNullOrEmpty(one.Message.Message)).Select(one => Name(one.Method)));

    /// <summary>Every text is a constant, so it holds no content. Also where an exception isn't logged today, it may be tomorrow.</summary>
    [Fact]
    public void Our_exceptions_say_only_what_we_wrote()
    {
        IEnumerable<string> made =
            from file in SourceFile.CSharp
            where !file.Path.StartsWith("Relay.Tests/", StringComparison.Ordinal)
            from line in file.Code()
            where Exceptions.Any(type => line.Contains($"new {type.Name}(", StringComparison.Ordinal)) && line.Contains("$\"", StringComparison.Ordinal)
            select $"{file.Path}: {line.Trim()}";

        Findings.None(made);
        StorageFaultException fault = new("table get", "things", 503, "ServerBusy");
        Assert.Equal("Storage fault: table get on 'things', status 503 (ServerBusy).", fault.Message);
        Assert.Null(fault.InnerException);
    }

    [Fact]
    public void Identifiers_print_no_more_than_themselves()
    {
        Assert.All(Identifiers, type => Assert.True(type.IsValueType, type.Name));
        Assert.All(Exceptions, type => Assert.True(type.Namespace?.StartsWith("Relay.", StringComparison.Ordinal), type.Name));
        Assert.Equal(nameof(InvalidOperationException), FaultKind.Of(new InvalidOperationException("marker")).ToString());
    }

    private static bool IsHarmless(Type type) =>
        typeof(ILogger).IsAssignableFrom(type)
        || type.IsEnum
        || type == typeof(TimeSpan)
        || (type.IsPrimitive && type != typeof(char) && type != typeof(nint) && type != typeof(nuint))
        || Identifiers.Contains(type)
        || Exceptions.Contains(type)
        || (Nullable.GetUnderlyingType(type) is { } inner && IsHarmless(inner));

    private static string Name(MethodInfo method) => $"{method.DeclaringType?.DeclaringType?.Name ?? method.DeclaringType?.Name}.{method.Name}";
}
