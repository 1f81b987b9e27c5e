using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Primitives;

/// <summary>A value, or the reason why there is none. For what a correct caller can cause; faults are exceptions.</summary>
public readonly struct Result<T, TError>
    where T : notnull
    where TError : class
{
    private readonly T? _value;

    private Result(T? value, TError? error)
    {
        _value = value;
        Error = error;
    }

    /// <summary>Null on success.</summary>
    public TError? Error { get; }

    public static implicit operator Result<T, TError>(T value) => new(value, null);

    public static implicit operator Result<T, TError>(TError error) => new(default, error);

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out TError? error)
    {
        value = _value;
        error = Error;
        return error is null && value is not null;
    }
}
