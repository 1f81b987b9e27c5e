using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>Blocks a business's number for this device, or takes that back.</summary>
/// <param name="Number">The business's number, in international form.</param>
/// <param name="Blocked">Whether its messages are kept away from now on.</param>
public sealed record BlockRequest(
    [property: JsonPropertyName("number")] string Number,
    [property: JsonPropertyName("blocked")] bool Blocked)
{
    /// <summary>The <c>reportToken</c> of a message of the business: then the block counts as that message's report.</summary>
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(BlockRequest);
}

/// <param name="Blocked">As it is now.</param>
/// <param name="Counted">Whether it counted as a report, which it does once for each message.</param>
public sealed record BlockResponse([property: JsonPropertyName("blocked")] bool Blocked, [property: JsonPropertyName("counted")] bool Counted = false);

/// <param name="Numbers">In international form with plus.</param>
public sealed record BlocksResponse([property: JsonPropertyName("numbers")] IReadOnlyList<string> Numbers)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(BlocksResponse);
}
