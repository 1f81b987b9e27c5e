using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Pushes;

/// <summary>The body of a message on queue <c>push</c>: which envelope, and which attempt. Nothing of its content or its sender.</summary>
internal sealed record PushReference
{
    internal const int CurrentVersion = 1;
    internal const string EnvelopeKind = "envelope";

    [JsonPropertyName("v")]
    public required int Version { get; init; }

    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>The recipient's number hash.</summary>
    [JsonPropertyName("recipient")]
    public required string Recipient { get; init; }

    [JsonPropertyName("handle")]
    public required string Handle { get; init; }

    [JsonPropertyName("attempt")]
    public required int Attempt { get; init; }

    /// <summary>Where the envelope lies; <paramref name="recipient"/> is what <see cref="Recipient"/> names.</summary>
    internal Mailbox MailboxOf(NumberHash recipient) => Mailbox.OfBusiness(recipient, EnvelopeHandle.LaneOf(Handle));

    internal static string Write(MailboxEntry entry, int attempt) => JsonSerializer.Serialize(
        new PushReference
        {
            Version = CurrentVersion,
            Kind = EnvelopeKind,
            Recipient = entry.Mailbox.Recipient.Hex,
            Handle = entry.Handle,
            Attempt = attempt,
        },
        PushJson.Default.PushReference);

    /// <summary>Null for what isn't of this version and kind.</summary>
    internal static PushReference? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, PushJson.Default.PushReference) is
                { Version: CurrentVersion, Kind: EnvelopeKind } reference
                && EnvelopeHandle.IsValid(reference.Handle)
                && NumberHash.TryParse(reference.Recipient, out _)
                    ? reference
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(PushReference))]
internal sealed partial class PushJson : JsonSerializerContext;
