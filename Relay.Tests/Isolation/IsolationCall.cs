namespace Relay.Tests.Isolation;

/// <summary>
/// A request to a function as its own business would make it; <c>&lt;kind&gt;</c> in <see cref="Query"/> and <see cref="Body"/> stands for an id (<see cref="IdKinds"/>), beside those of the
/// route's parameters.
/// </summary>
internal sealed record IsolationCall(string Verb)
{
    public string Query { get; init; } = string.Empty;

    public string? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Header <c>Idempotency-Key</c>.</summary>
    public string? Key { get; init; }

    /// <summary>Whose call it is: <c>token</c>, <c>app_token</c>, <c>admin</c>.</summary>
    public string Caller { get; init; } = IdKinds.Token;

    /// <summary>Its parameter <c>nodeId</c> is one of these; all that there are when empty.</summary>
    public string[] Nodes { get; init; } = [];

    /// <summary>Its ids are not all tried together.</summary>
    public bool OneAtATime { get; init; }

    /// <summary>What the owner itself is answered, where that isn't a success: the code.</summary>
    public int OwnersError { get; init; }
}
