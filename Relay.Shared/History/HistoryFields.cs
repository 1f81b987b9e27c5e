using Relay.Shared.Accounts;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.History;

namespace Relay.Shared.History;

/// <summary>Which fields the history's objects have, and their values of those that were chosen.</summary>
internal static class HistoryFields
{
    private static readonly FieldShape Application = new(["id"]);

    internal static FieldShape Entries { get; } = new FieldShape(["id", "message_id"], "events").With("events", new FieldShape(
        ["id", "delivery_status", "timestamp"], "webhook_update_state", "application", "webhook_uri", "error_description").With("application", Application));

    internal static FieldShape Edges { get; } = new FieldShape(["cursor", "node"]).With("node", new FieldShape(
        ["id", "delivery_status", "occurrence_timestamp"], "error_description", "status_timestamp", "application").With("application", Application));

    internal static MessageEvent Choose(FieldSelection fields, HistoryEvent one, Business business) => new()
    {
        Id = one.Id,
        DeliveryStatus = fields.Has("delivery_status") ? one.Status : null,
        WebhookUpdateState = fields.Has("webhook_update_state") ? one.UpdateState : null,
        Timestamp = fields.Has("timestamp") ? one.At.ToUnixTimeSeconds() : null,
        Application = fields.Has("application") ? new ApplicationNode(business.AppId) : null,
        WebhookUri = fields.Has("webhook_uri") ? one.Callback?.AbsoluteUri : null,
        ErrorDescription = fields.Has("error_description") ? one.Error : null,
    };

    internal static DeliveryStatusOccurrence ChooseNode(FieldSelection fields, HistoryEvent one, Business business) => new()
    {
        Id = one.Id,
        DeliveryStatus = fields.Has("delivery_status") ? one.Status : null,
        ErrorDescription = fields.Has("error_description") ? one.Error : null,
        OccurrenceTimestamp = fields.Has("occurrence_timestamp") ? one.At.ToUnixTimeSeconds() : null,
        StatusTimestamp = fields.Has("status_timestamp") ? one.At.ToUnixTimeSeconds() : null,
        Application = fields.Has("application") ? new ApplicationNode(business.AppId) : null,
    };
}
