namespace Relay.Fuzz.Wire;

/// <summary>What was answered.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyList<string> Headers)
{
    public byte[] Body { get; init; } = [];

    public bool Closes => string.Equals(Find("Connection"), "close", StringComparison.OrdinalIgnoreCase);

    public bool IsJson => Find("Content-Type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;

    public string? Find(string name) => Headers
        .Where(header => header.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(header => header[(name.Length + 1)..].Trim())
        .FirstOrDefault();
}
