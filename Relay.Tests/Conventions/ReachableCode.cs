using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Relay.Tests.Conventions;

/// <summary>
/// Which of Relay's types a composition can come to use, read from the compiled code: begins with what is registered and follows every call, object, field
/// and token. Of a class that is made (or handed in) all methods count, of any other only those that are called: more than can happen, never less.
/// </summary>
internal sealed class ReachableCode
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private readonly Dictionary<Type, string> _types = [];
    private readonly HashSet<Type> _whole = [];
    private readonly HashSet<MethodBase> _methods = [];
    private readonly Queue<(MethodBase Method, string Way)> _left = new();

    /// <summary>Each type, and the way that led to it first.</summary>
    public IReadOnlyDictionary<Type, string> Types => _types;

    public static ReachableCode Of(IServiceCollection services, IEnumerable<Type> more)
    {
        ReachableCode reached = new();
        foreach (ServiceDescriptor service in services)
        {
            string way = service.ServiceType.Name;
            reached.Note(service.ServiceType, way);
            reached.Whole(service.ImplementationType, way);
            reached.Whole(service.ImplementationInstance?.GetType(), way);
            if (service.ImplementationFactory is { } factory)
            {
                reached.Whole(service.ServiceType, way);
                reached.Method(factory.Method, way);
            }
        }

        foreach (Type type in more)
        {
            reached.Whole(type, type.Name);
        }

        while (reached._left.TryDequeue(out (MethodBase Method, string Way) next))
        {
            reached.Read(next.Method, next.Way);
        }

        return reached;
    }

    private static bool IsOurs(Type type) => type.Assembly.GetName().Name?.StartsWith("Relay.", StringComparison.Ordinal) == true;

    private void Note(Type? type, string way)
    {
        if (type is null)
        {
            return;
        }

        if (type.HasElementType)
        {
            Note(type.GetElementType(), way);
            return;
        }

        foreach (Type argument in type.IsGenericType ? type.GetGenericArguments() : [])
        {
            Note(argument, way);
        }

        Type plain = type is { IsGenericType: true, IsGenericTypeDefinition: false } ? type.GetGenericTypeDefinition() : type;
        if (!plain.IsGenericParameter && IsOurs(plain))
        {
            _types.TryAdd(plain, way);
        }
    }

    private void Whole(Type? type, string way)
    {
        Note(type, way);
        Type? plain = type is { IsGenericType: true, IsGenericTypeDefinition: false } ? type.GetGenericTypeDefinition() : type;
        if (plain is null || !IsOurs(plain) || plain.IsInterface || !_whole.Add(plain))
        {
            return;
        }

        string further = $"{way} > {plain.Name}";
        foreach (Type parent in plain.GetInterfaces())
        {
            Note(parent, further);
        }

        Whole(plain.BaseType, further);
        foreach (FieldInfo field in plain.GetFields(All))
        {
            Note(field.FieldType, further);
        }

        foreach (MethodBase method in plain.GetMembers(All).OfType<MethodBase>())
        {
            // A lambda is one only where it is made.
            if (!method.Name.StartsWith('<') || method.IsVirtual)
            {
                Method(method, further);
            }
        }
    }

    private void Method(MethodBase method, string way)
    {
        Type? of = method.DeclaringType;
        if (of is null || !IsOurs(of))
        {
            return;
        }

        if (method is MethodInfo { IsGenericMethod: true } generic)
        {
            foreach (Type argument in generic.GetGenericArguments())
            {
                Note(argument, way);
            }

            method = generic.GetGenericMethodDefinition();
        }

        if (of is { IsGenericType: true, IsGenericTypeDefinition: false })
        {
            method = of.GetGenericTypeDefinition().GetMembers(All).OfType<MethodBase>().First(same => same.MetadataToken == method.MetadataToken);
        }

        if (_methods.Add(method))
        {
            Note(of, way);
            _left.Enqueue((method, way));
        }
    }

    private void Read(MethodBase method, string way)
    {
        string further = $"{way} > {method.DeclaringType?.Name}.{method.Name}";
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            Note(parameter.ParameterType, further);
        }

        Note((method as MethodInfo)?.ReturnType, further);
        Whole(method.GetCustomAttribute<StateMachineAttribute>()?.StateMachineType, further);
        if (method.GetMethodBody() is not { } body)
        {
            return;
        }

        foreach (LocalVariableInfo local in body.LocalVariables)
        {
            Note(local.LocalType, further);
        }

        foreach (ExceptionHandlingClause clause in body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause))
        {
            Note(clause.CatchType, further);
        }

        foreach (MemberInfo member in Tokens(method, body.GetILAsByteArray() ?? []))
        {
            Follow(member, further);
        }
    }

    private void Follow(MemberInfo member, string way)
    {
        switch (member)
        {
            case Type type:
                Note(type, way);
                break;
            case FieldInfo field:
                Note(field.FieldType, way);
                Static(field.DeclaringType, way);
                break;
            case ConstructorInfo constructor when !constructor.IsStatic && constructor.DeclaringType is { } made && !IsClosure(made):
                Whole(made, way);
                break;
            case MethodBase called:
                Note(called.DeclaringType, way);
                foreach (Type argument in called is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : [])
                {
                    // What a container is asked to make.
                    if (called.DeclaringType == typeof(ActivatorUtilities))
                    {
                        Whole(argument, way);
                    }

                    Note(argument, way);
                }

                Static(called.DeclaringType, way);
                Method(called, way);
                break;
        }
    }

    /// <summary>What runs before a class's first use.</summary>
    private void Static(Type? type, string way)
    {
        Note(type, way);
        if (type?.TypeInitializer is { } initializer)
        {
            Method(initializer, way);
        }
    }

    private static bool IsClosure(Type type) => type.Name.StartsWith("<>c", StringComparison.Ordinal);

    private static IEnumerable<MemberInfo> Tokens(MethodBase method, byte[] code)
    {
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        Type[]? ofMethod = method is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : null;
        for (int at = 0; at < code.Length;)
        {
            OpCode op = s_codes[code[at] == 0xFE ? unchecked((short)(0xFE00 | code[++at])) : code[at]];
            at++;
            if (op.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod) ?? throw new InvalidOperationException("A token without a member.");
            }

            at += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }
}
