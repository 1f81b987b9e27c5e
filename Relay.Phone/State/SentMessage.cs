using System.Text.Json.Serialization;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Phone.State;

/// <summary>A message of ours, kept until its reader has it: it may ask for it again.</summary>
internal sealed class SentMessage : IDisposable
{
    /// <summary>The content's.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    /// <summary>As it was encrypted.</summary>
    [JsonConverter(typeof(SealedJson.Bytes))]
    public required SecretBytes Content { get; init; }

    /// <summary>The identity key that it was encrypted for: no other gets it.</summary>
    public required byte[] Identity { get; init; }

    /// <summary>The ids it went out under, oldest first.</summary>
    public List<string> Envelopes { get; init; } = [];

    /// <summary>How often it was encrypted again.</summary>
    internal int Retries => Envelopes.Count - 1;

    internal bool IsFor(PublicKey identity) => identity.Serialized.SequenceEqual(Identity);

    public void Dispose() => Content.Dispose();
}
