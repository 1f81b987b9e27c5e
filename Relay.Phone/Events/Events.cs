using System.Text.Json.Serialization;
using Relay.Phone.State;
using Relay.Shared.Primitives;

namespace Relay.Phone.Events;

/// <summary>The other side received or read messages of ours.</summary>
public sealed class ReceiptReceived : PhoneEvent
{
    [JsonConverter(typeof(NumberJson))]
    public required PhoneNumber From { get; init; }

    /// <summary><c>delivered</c>, <c>read</c> or <c>played</c>.</summary>
    public required string Status { get; init; }

    public required IReadOnlyList<string> Ids { get; init; }
}

/// <summary>An envelope couldn't be read. It was acknowledged and won't come again.</summary>
public sealed class MessageUndecryptable : PhoneEvent
{
    /// <summary>The envelope's id.</summary>
    public required string Id { get; init; }

    [JsonConverter(typeof(NumberJson))]
    public required PhoneNumber From { get; init; }

    /// <summary>A <see cref="Relay.Shared.Signal.SessionOutcome"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether the sender is asked to send it again, in an envelope of its own.</summary>
    public bool RetryAsked { get; init; }
}

/// <summary>A correspondent has another identity key than before: a new device, or somebody in between.</summary>
public sealed class IdentityChanged : PhoneEvent
{
    [JsonConverter(typeof(NumberJson))]
    public required PhoneNumber From { get; init; }
}

/// <summary>A message of ours won't reach its reader: the transport refused it for good, or it may not be encrypted again.</summary>
public sealed class MessageRefused : PhoneEvent
{
    /// <summary>The reader asked for it again with another identity key than the one that it was meant for.</summary>
    public const string IdentityChanged = "identityChanged";

    /// <summary>The reader couldn't decrypt it, however often it was encrypted again.</summary>
    public const string Undecryptable = "undecryptable";

    public required string Id { get; init; }

    [JsonConverter(typeof(NumberJson))]
    public required PhoneNumber To { get; init; }

    /// <summary>The transport's error code, <see cref="IdentityChanged"/> or <see cref="Undecryptable"/>.</summary>
    public required string Reason { get; init; }
}

/// <summary>A message of ours: taken by the transport, or still in the outbox.</summary>
public sealed class MessageSent : PhoneEvent
{
    public required string Id { get; init; }

    /// <summary>Whether it stayed in the outbox, to be sent again as it is.</summary>
    public bool Queued { get; init; }

    /// <summary>The Signal message exactly as the transport got it.</summary>
    public byte[]? Envelope { get; init; }

    internal MessageSent WithoutEnvelope() => new() { Id = Id, Queued = Queued };
}
