using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>Says that a business's message was unwanted. The transport forgets the message if it still waits.</summary>
public sealed record ReportRequest
{
    /// <summary>The <c>reportToken</c> that came with the message.</summary>
    [JsonPropertyName("token")]
    public required string Token { get; init; }

    /// <summary>What the user chooses to show to the operator, sealed for its key; otherwise absent.</summary>
    [JsonPropertyName("content")]
    public byte[]? Content { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ReportRequest);
}

/// <param name="Counted">Whether this report was the message's first.</param>
public sealed record ReportResponse([property: JsonPropertyName("counted")] bool Counted);
