using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Transport.Wire;

/// <summary>What an operation of the transport answers: a value, or one failure of the closed list.</summary>
public sealed class TransportResult<T>
    where T : class
{
    private TransportResult(T? value, TransportFailure? failure)
    {
        Value = value;
        Failure = failure;
    }

    public T? Value { get; }

    public TransportFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsSuccess => Value is not null;

    /// <summary>The failure's code, or null.</summary>
    public string? Code => Failure?.Code;

    [SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "The operators are the only way to make a result.")]
    public static implicit operator TransportResult<T>(T value) => new(value, null);

    [SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "The operators are the only way to make a result.")]
    public static implicit operator TransportResult<T>(TransportFailure failure) => new(null, failure);
}
