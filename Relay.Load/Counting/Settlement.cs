namespace Relay.Load.Counting;

/// <summary>When a message is done with: a user's once the business was told of it, the business's once it is read and the business knows.</summary>
internal static class Settlement
{
    private const string DeliveredStatus = "delivered";
    private const string FailedStatus = "failed";

    /// <summary>Null: it isn't yet.</summary>
    public static long? At(Ledger ledger, Passage passage) => passage switch
    {
        { Way: Way.ToBusiness } => passage.Arrived,
        { MessageId: { } id } when ledger.Webhooks.StatusTold(id, FailedStatus) is { } failed => failed,
        { MessageId: { } id, Arrived: { } arrived } when ledger.Webhooks.StatusTold(id, DeliveredStatus) is { } told => Math.Max(told, arrived),
        _ => null,
    };

    public static bool IsFailed(Ledger ledger, Passage passage) =>
        passage.MessageId is { } id && ledger.Webhooks.StatusTold(id, FailedStatus) is not null;

    /// <summary>Accepted messages that aren't done with.</summary>
    public static int Waiting(Ledger ledger) => ledger.Passages.Count(passage => passage.Accepted is not null && At(ledger, passage) is null);
}
