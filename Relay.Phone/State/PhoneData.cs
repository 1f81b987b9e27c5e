using System.Text.Json.Serialization;
using Relay.Phone.Events;
using Relay.Phone.Keys;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Client;

namespace Relay.Phone.State;

/// <summary>All that a registered phone knows. Changed only inside <see cref="PhoneStore.ChangeAsync"/>, which saves it.</summary>
internal sealed class PhoneData : IDisposable
{
    /// <summary>2 added Kyber keys and retries; what 1 doesn't have is empty.</summary>
    internal const int CurrentVersion = 2;

    public int Version { get; set; } = CurrentVersion;

    [JsonConverter(typeof(NumberJson))]
    public required PhoneNumber Number { get; init; }

    [JsonConverter(typeof(SealedJson.Text))]
    public required Secret Credential { get; init; }

    /// <summary>Signal's, not the transport's.</summary>
    public required uint RegistrationId { get; init; }

    [JsonConverter(typeof(SealedJson.Identity))]
    public required IdentityKeyPair Identity { get; init; }

    public required KeyStock Keys { get; init; }

    /// <summary>By the correspondent's digits.</summary>
    public Dictionary<string, Conversation> Conversations { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public List<OutboxEntry> Outbox { get; init; } = [];

    /// <summary>Durable, not yet shown; oldest first.</summary>
    public List<InboxEntry> Inbox { get; init; } = [];

    public long NextInboxNumber { get; set; } = 1;

    /// <summary>Whom a plain line of the chat goes to.</summary>
    public string? LastCorrespondent { get; set; }

    internal DeviceCredential ToCredential() => new(Number, Credential);

    internal void ToInbox(IEnumerable<PhoneEvent> events) =>
        Inbox.AddRange(events.Select(happened => new InboxEntry { Number = NextInboxNumber++, Event = happened }));

    internal Conversation ConversationWith(PhoneNumber number)
    {
        if (!Conversations.TryGetValue(number.Digits, out Conversation? conversation))
        {
            conversation = new Conversation();
            Conversations.Add(number.Digits, conversation);
        }

        return conversation;
    }

    public void Dispose()
    {
        Identity.Dispose();
        Keys.Dispose();
        foreach (Conversation conversation in Conversations.Values)
        {
            conversation.Dispose();
        }
    }
}
