using System.Text.Json.Serialization;
using Relay.Shared.Primitives;

namespace Relay.Phone.State;

/// <summary>A ciphertext on its way: the session that made it has moved on, so these bytes are sent until the transport has them.</summary>
internal sealed class OutboxEntry
{
    [JsonConverter(typeof(NumberJson))]
    public required PhoneNumber To { get; init; }

    /// <summary>The content's.</summary>
    public required string Id { get; init; }

    /// <summary>The envelope's, where it differs: content that was encrypted again.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>The transport's word for how to parse it.</summary>
    public required string Kind { get; init; }

    public required byte[] Content { get; init; }

    /// <summary>A receipt that is refused concerns nobody.</summary>
    public bool IsReceipt { get; init; }

    /// <summary>What the transport knows it by.</summary>
    internal string TransportId => EnvelopeId ?? Id;
}
