using Relay.Shared.Analytics;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Proof.Receipts;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity.Tallies;

namespace Relay.Shared.Proof.Privacy;

/// <summary>Which classes of data there are, who holds and sees each, and where it lies: every table and queue stands here (a test counts them).</summary>
internal static class PrivacyTable
{
    private const string Relay = "relay";
    private const string Transport = "transport";
    private const string Manager = "manager";
    private const string Sealed = "sealed";
    private const string KeyedHash = "keyed_hash";
    private const string Reference = "reference";
    private const string Clear = "clear";

    private const string CloudApi = "cloud_api";
    private const string TransportRole = "transport";
    private const string BusinessManager = "business_manager";
    private const string Nobody = "nobody";
    private const string Operator = "operator";

    /// <summary>A number's keyed hash: its epoch, the one after it, and the day on which the key goes.</summary>
    private const int LookupDays = 61;

    internal static readonly PrivacyLine Content = new()
    {
        Class = "message_content",
        HeldBy = CloudApi,
        SeenBy = Nobody,
        LifeDays = Days(Retention.MaxAge),
        Stored =
        [
            InTable(TableNames.Conversations, Sealed), InTable(TableNames.Parked, Sealed),
            InTable(TableNames.Media, Sealed), InContainer(Relay, ContainerNames.Media, Sealed),
            InQueue(QueueNames.Outbound, Sealed), InQueue(QueueNames.Inbound, Sealed),
            InQueue(QueueNames.OutboundPoison, Sealed), InQueue(QueueNames.InboundPoison, Sealed),
        ],
    };

    internal static readonly PrivacyLine Number = new()
    {
        Class = "consumer_phone_number",
        HeldBy = CloudApi,
        SeenBy = Nobody,
        LifeDays = LookupDays,
        Stored =
        [
            InTable(TableNames.Lookup, KeyedHash), InTable(TableNames.Idempotency, KeyedHash), InTable(TableNames.Blocks, Sealed), InTable(TableNames.Conversations, Sealed), InTable(TableNames.Parked, Sealed),
            InQueue(QueueNames.Outbound, Sealed), InQueue(QueueNames.Inbound, Sealed),
            InQueue(QueueNames.OutboundPoison, Sealed), InQueue(QueueNames.InboundPoison, Sealed),
            new PrivacyPlace(Transport, TableNames.Accounts, null, KeyedHash),
            new PrivacyPlace(Transport, TableNames.Registrations, null, KeyedHash),
            new PrivacyPlace(Transport, TableNames.DeviceKeys, null, KeyedHash),
            new PrivacyPlace(Transport, TableNames.Attachments, null, KeyedHash),
            new PrivacyPlace(Transport, TableNames.Mailbox, null, Sealed),
            new PrivacyPlace(Transport, TableNames.Pushes, null, Sealed),
        ],
    };

    internal static readonly PrivacyLine Activity = new()
    {
        Class = "conversation_activity",
        HeldBy = CloudApi,
        SeenBy = Operator,
        LifeDays = Days(Retention.MaxAge),
        Stored =
        [
            InTable(TableNames.Conversations, Clear), InTable(TableNames.Expiry, Reference),
            InQueue(QueueNames.Webhooks, Reference), InQueue(QueueNames.WebhooksPoison, Reference),
            InQueue(QueueNames.Replays, Reference), InQueue(QueueNames.ReplaysPoison, Reference),
            InQueue(QueueNames.Erasures, Reference), InQueue(QueueNames.ErasuresPoison, Reference),
        ],
    };

    internal static readonly PrivacyLine Business = new()
    {
        Class = "business_information",
        HeldBy = BusinessManager,
        SeenBy = Operator,
        Stored =
        [
            InTable(TableNames.Businesses, Sealed), InTable(TableNames.Numbers, Sealed), InTable(TableNames.Subscriptions, Sealed),
            InTable(TableNames.Details, Sealed), InTable(TableNames.Templates, Sealed),
            InTable(TableNames.PreKeys, Sealed), InTable(TableNames.Tokens, "hash"), InTable(TableNames.Dek, "wrapped"),
            new PrivacyPlace(Manager, TableNames.Stamps, null, Clear),
        ],
    };

    internal static readonly PrivacyLine Receipts = new()
    {
        Class = "deletion_receipts",
        HeldBy = BusinessManager,
        SeenBy = Operator,
        LifeDays = IssueDayReceipts.DaysKept,
        Stored = [InTable(TableNames.Receipts, Clear)],
    };

    internal static readonly PrivacyLine Audit = new()
    {
        Class = "access_audit",
        HeldBy = BusinessManager,
        SeenBy = Operator,
        LifeDays = Days(AuditChain.Life) + 1,
        Stored = [InTable(TableNames.Audit, Clear)],
    };

    /// <summary>What the relay's identity can't look into: the transport has storage and keys of its own.</summary>
    internal static readonly PrivacyLine Ciphertext = new()
    {
        Class = "message_ciphertext",
        HeldBy = TransportRole,
        SeenBy = Nobody,
        LifeDays = Days(Retention.MaxAge),
        Stored =
        [
            new PrivacyPlace(Transport, TableNames.Mailbox, null, Sealed), new PrivacyPlace(Transport, TableNames.Pushes, null, Sealed),
            InContainer(Transport, ContainerNames.Attachments, "ciphertext"),
            new PrivacyPlace(Transport, TableNames.Expiry, null, Reference), new PrivacyPlace(Transport, TableNames.Dek, null, "wrapped"),
            new PrivacyPlace(Transport, null, QueueNames.Push, Reference), new PrivacyPlace(Transport, null, QueueNames.PushPoison, Reference),
        ],
    };

    internal static readonly PrivacyLine Statistics = new()
    {
        Class = "non_identifiable_statistics",
        HeldBy = CloudApi,
        SeenBy = Operator,
        LifeDays = CountStore.DaysKept + 1,
        Stored = [InTable(TableNames.Counts, Clear), new PrivacyPlace(Transport, TableNames.Releases, null, Clear)],
    };

    internal static readonly PrivacyLine Integrity = new()
    {
        Class = "integrity_signals",
        HeldBy = TransportRole,
        SeenBy = Operator,
        LifeDays = DaySignals.DaysKept + 1,
        Stored = [new PrivacyPlace(Transport, TableNames.Signals, null, Clear), new PrivacyPlace(Transport, TableNames.ReportInbox, null, Sealed)],
    };

    internal static readonly PrivacyLine Billing = new()
    {
        Class = "billing",
        HeldBy = BusinessManager,
        SeenBy = Operator,
        LifeDays = CountStore.DaysKept + 1,
        Stored = [InTable(TableNames.Counts, Clear)],
    };

    private static PrivacyPlace InTable(string table, string form) => new(Relay, table, null, form);

    private static PrivacyPlace InQueue(string queue, string form) => new(Relay, null, queue, form);

    private static PrivacyPlace InContainer(string account, string container, string form) => new(account, null, null, form) { Container = container };

    private static int Days(TimeSpan life) => (int)life.TotalDays;
}
