namespace Relay.LocalHost;

/// <summary>A function's name, as a log may show it.</summary>
internal readonly record struct FunctionName(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A queue's name, as a log may show it.</summary>
internal readonly record struct QueueName(string Value)
{
    public override string ToString() => Value;
}

/// <summary>What kind of exception it was: its type. The text of an exception may hold personal data and is never shown.</summary>
internal readonly record struct FaultKind
{
    private readonly string? _type;

    private FaultKind(string type) => _type = type;

    public static FaultKind Of(Exception exception) => new(exception.GetType().Name);

    public override string ToString() => _type ?? "";
}
