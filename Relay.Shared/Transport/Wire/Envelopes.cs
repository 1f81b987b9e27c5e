using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>Sends one Signal message. A repeat with the same id from the same sender to the same number is accepted and changes nothing.</summary>
public sealed record SendEnvelopeRequest
{
    /// <summary>The recipient's number, in international form.</summary>
    [JsonPropertyName("to")]
    public required string To { get; init; }

    /// <summary>16 lower-case hex digits, chosen by the sender.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary><c>message</c> or <c>prekey</c>: how to parse the content.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The Signal message, at most <see cref="TransportLimits.MaxEnvelopeBytes"/> bytes.</summary>
    [JsonPropertyName("content")]
    public required byte[] Content { get; init; }

    /// <summary>
    /// Of a business's message: <c>business</c>, or <c>user</c> when its user wrote within the last 24 hours. Absent for a receipt or a repeat, and then it is not counted.
    /// Of no meaning from a device.
    /// </summary>
    [JsonPropertyName("initiated")]
    public string? Initiated { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(SendEnvelopeRequest);
}

/// <summary>Who began what a business's message is a part of.</summary>
public static class InitiatedBy
{
    public const string Business = "business";

    public const string User = "user";
}

/// <param name="Duplicate">Whether it was taken before.</param>
/// <param name="Exhausted">True when the sender's business may message nobody else now outside of service windows; otherwise absent.</param>
public sealed record SendEnvelopeResponse(
    [property: JsonPropertyName("duplicate")] bool Duplicate,
    [property: JsonPropertyName("exhausted")] bool? Exhausted = null);

/// <summary>A Signal message as its recipient gets it.</summary>
public sealed record Envelope
{
    public const string Message = "message";
    public const string PreKey = "prekey";

    /// <summary>The sender's id for it.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The sender's number, in international form with plus.</summary>
    [JsonPropertyName("from")]
    public required string From { get; init; }

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("content")]
    public required byte[] Content { get; init; }

    /// <summary>When the transport took it, in Unix seconds.</summary>
    [JsonPropertyName("timestamp")]
    public required long Timestamp { get; init; }

    /// <summary>What to acknowledge it with; absent in a push, where answering 200 acknowledges.</summary>
    [JsonPropertyName("handle")]
    public string? Handle { get; init; }

    /// <summary>Reports it, once, for seven days and from this device; opaque. Only on what a business sent.</summary>
    [JsonPropertyName("reportToken")]
    public string? ReportToken { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(Envelope);
}

/// <param name="Envelopes">Oldest first.</param>
/// <param name="More">Whether another fetch would find more at once.</param>
public sealed record FetchEnvelopesResponse(
    [property: JsonPropertyName("envelopes")] IReadOnlyList<Envelope> Envelopes,
    [property: JsonPropertyName("more")] bool More);

/// <summary>Lets the transport forget what the device has made durable.</summary>
public sealed record AcknowledgeRequest([property: JsonPropertyName("handles")] IReadOnlyList<string> Handles);

/// <param name="Removed">How many of the handles named an envelope that was still there.</param>
public sealed record AcknowledgeResponse([property: JsonPropertyName("removed")] int Removed);
