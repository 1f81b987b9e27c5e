using System.Text.Json.Serialization;
using Relay.Phone.State;
using Relay.Shared.Primitives;

namespace Relay.Phone;

/// <summary>A phone in numbers; says no number but the last two digits of its own.</summary>
public sealed record PhoneStatus
{
    /// <summary>Masked.</summary>
    public required string Number { get; init; }

    public required int Correspondents { get; init; }

    public required int Unread { get; init; }

    /// <summary>Ciphertexts that the transport doesn't have yet.</summary>
    public required int Outbox { get; init; }

    /// <summary>Private halves of one-time pre-keys that nobody has used.</summary>
    public required int OneTimePreKeys { get; init; }

    /// <summary>Of Kyber's, likewise.</summary>
    public required int KyberPreKeys { get; init; }

    public required int SignedPreKeys { get; init; }

    /// <summary>Whom a plain line of the chat goes to.</summary>
    [JsonIgnore]
    public PhoneNumber? LastCorrespondent { get; init; }

    internal static PhoneStatus Of(PhoneData data) => new()
    {
        Number = data.Number.ToString(),
        Correspondents = data.Conversations.Count,
        Unread = data.Conversations.Values.Sum(conversation => conversation.Unread.Count),
        Outbox = data.Outbox.Count,
        OneTimePreKeys = data.Keys.OneTime.Count,
        KyberPreKeys = data.Keys.Kyber.OneTime.Count,
        SignedPreKeys = data.Keys.Signed.Count,
        LastCorrespondent = PhoneNumber.TryParse(data.LastCorrespondent, out PhoneNumber? last) ? last : null,
    };
}
