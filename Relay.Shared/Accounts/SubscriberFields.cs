namespace Relay.Shared.Accounts;

/// <summary>What a further subscriber may limit itself to: a field of the Cloud API, or one member of its value.</summary>
public static class SubscriberFields
{
    public const string Messages = "messages";
    public const string IncomingMessages = "messages.messages";
    public const string Statuses = "messages.statuses";
    public const string QualityUpdate = "phone_number_quality_update";
    public const string AccountUpdate = "account_update";

    public static IReadOnlyList<string> All { get; } = [Messages, IncomingMessages, Statuses, QualityUpdate, AccountUpdate];
}
