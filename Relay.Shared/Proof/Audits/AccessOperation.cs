namespace Relay.Shared.Proof.Audits;

/// <summary>
/// What opens content for whoever asks, and the class of data it opens: every such operation stands here. What the pipeline opens to encrypt, deliver and forward
/// is no access, and what says only when something was sent and told (the message history) opens nothing.
/// </summary>
public sealed class AccessOperation
{
    /// <summary>Opens a session for the user's identity key.</summary>
    public static readonly AccessOperation ShowSafetyNumber = new("safety_number.show", "identity_key");

    /// <summary>Has kept webhook payloads opened and told again.</summary>
    public static readonly AccessOperation ReplayWebhooks = new("webhooks.replay", "message_content");

    /// <summary>Opens all that there is about one user.</summary>
    public static readonly AccessOperation ExportContact = new("contact.export", "contact");

    private AccessOperation(string name, string data) => (Name, Data) = (name, data);

    public string Name { get; }

    public string Data { get; }

    public override string ToString() => Name;
}
