namespace Relay.Fuzz.Scene;

/// <summary>A request as a client makes it; <c>&lt;name&gt;</c> stands for a value of the scene.</summary>
internal sealed record SceneCall(string Method, string Target, string? Body = null)
{
    public string ContentType { get; init; } = "application/json";

    /// <summary>Whose token it carries.</summary>
    public string Token { get; init; } = "token";

    /// <summary>Under which name the answer's <see cref="Member"/> is kept.</summary>
    public string? Keeps { get; init; }

    public string Member { get; init; } = "id";

    public override string ToString() => $"{Method} {Target}";
}
