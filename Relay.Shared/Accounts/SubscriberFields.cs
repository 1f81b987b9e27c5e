namespace Relay.Shared.Accounts;

/// <summary>What a further subscriber may limit itself to: a field of the Cloud API, or one member of its value.</summary>
public static class SubscriberFields
{
    public const string Messages = "messages";
    public const string IncomingMessages = "messages.messages";
    public const string Statuses = "messages.statuses";

    public static IReadOnlyList<string> All { get; } = [Messages, IncomingMessages, Statuses];
}
