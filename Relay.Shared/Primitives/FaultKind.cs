namespace Relay.Shared.Primitives;

/// <summary>What may be logged of an exception: the names of its type and of its causes, never a message.</summary>
public readonly record struct FaultKind
{
    private const int MaxCauses = 4;

    private readonly string? _names;

    private FaultKind(string names) => _names = names;

    public static FaultKind Of(Exception exception) => new(string.Join(" < ", Causes(exception).Take(MaxCauses).Select(cause => cause.GetType().Name)));

    public override string ToString() => _names ?? "";

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
