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
