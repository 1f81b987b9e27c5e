namespace Relay.Shared.Graph.Messages;

/// <summary>The values of a message's <c>type</c> (spec/cloud-api.md §2.1, §3).</summary>
public static class MessageType
{
    public const string Text = "text";
    public const string Image = "image";
    public const string Video = "video";
    public const string Audio = "audio";
    public const string Document = "document";
    public const string Sticker = "sticker";
    public const string Location = "location";
    public const string Contacts = "contacts";
    public const string Reaction = "reaction";
    public const string Interactive = "interactive";
    public const string Template = "template";

    /// <summary>A user's press on a template's quick reply.</summary>
    public const string Button = "button";

    /// <summary>A user's basket.</summary>
    public const string Order = "order";

    /// <summary>About the user, not from them.</summary>
    public const string System = "system";

    public const string Edit = "edit";
    public const string Revoke = "revoke";

    /// <summary>What a user sent and the Cloud API has no form for.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>What a business can send.</summary>
    public static IReadOnlyList<string> Outgoing { get; } =
        [Text, Image, Video, Audio, Document, Sticker, Location, Contacts, Reaction, Interactive, Template];
}
