using Relay.Shared.Primitives;

namespace Relay.Phone.Sending;

/// <summary>What goes with a message, whatever it is.</summary>
public sealed record SendOptions
{
    /// <summary>The message that it answers.</summary>
    public EnvelopeId? ReplyTo { get; init; }

    /// <summary>Null, or <c>once</c> or <c>often</c>: how often it was passed on.</summary>
    public string? Forwarded { get; init; }
}
