namespace Relay.Shared.Storage;

/// <summary>Every table there is (spec/storage.md §1). A name is public for ever once it has landed.</summary>
public static class TableNames
{
    public const string Lookup = "lookup";
    public const string Conversations = "conversations";
    public const string Expiry = "expiry";
    public const string Dek = "dek";
    public const string PreKeys = "prekeys";
    public const string Idempotency = "idempotency";
    public const string Parked = "parked";
    public const string Businesses = "businesses";
    public const string Numbers = "numbers";
    public const string Tokens = "tokens";
    public const string Subscriptions = "subscriptions";

    /// <summary>What a business says of itself and its numbers.</summary>
    public const string Details = "details";

    /// <summary>A business's message templates.</summary>
    public const string Templates = "templates";

    /// <summary>Whom a business's numbers block.</summary>
    public const string Blocks = "blocks";

    /// <summary>How many messages a business's numbers sent, and had delivered.</summary>
    public const string Counts = "counts";

    /// <summary>Signed receipts of deletion, and what they will tell of.</summary>
    public const string Receipts = "receipts";

    /// <summary>Who had content opened, each entry bound to the one before.</summary>
    public const string Audit = "audit";

    /// <summary>Which files a business has, each sealed in a blob; and files that were fetched from links.</summary>
    public const string Media = "media";

    /// <summary>Transport: one row per registered number.</summary>
    public const string Accounts = "accounts";

    /// <summary>Transport: pending verifications.</summary>
    public const string Registrations = "registrations";

    /// <summary>Transport: public pre-keys.</summary>
    public const string DeviceKeys = "devicekeys";

    /// <summary>Transport: sealed envelopes waiting for a device to fetch them.</summary>
    public const string Mailbox = "mailbox";

    /// <summary>Transport: sealed envelopes waiting to be pushed to a business number's relay.</summary>
    public const string Pushes = "pushes";

    /// <summary>Transport: how much a number has uploaded on a day.</summary>
    public const string Attachments = "attachments";

    /// <summary>Transport: integrity signals of businesses, counts and sketches alone.</summary>
    public const string Signals = "signals";

    /// <summary>Transport: what was published over all businesses, week by week.</summary>
    public const string Releases = "releases";

    /// <summary>Transport: what users attached to their reports, sealed for the operator.</summary>
    public const string ReportInbox = "reportinbox";

    /// <summary>Manager: who may use the admin API, and for which businesses.</summary>
    public const string People = "people";

    /// <summary>Manager: which region's stamp holds which business.</summary>
    public const string Stamps = "stamps";

    public static IReadOnlyList<string> OfRelay { get; } =
        [Lookup, Conversations, Expiry, Dek, PreKeys, Idempotency, Parked, Businesses, Numbers, Tokens, Subscriptions, Details, Templates, Blocks, Counts, Receipts, Audit, Media];

    /// <summary>Of the relay's, what the manager reads and writes too: provisioning, bills and proofs, and no conversation, no lookup, no file.</summary>
    public static IReadOnlyList<string> Managed { get; } = [Businesses, Numbers, Tokens, Subscriptions, Details, PreKeys, Dek, Counts, Receipts, Audit];

    public static IReadOnlyList<string> OfManager { get; } = [People, Stamps];

    public static IReadOnlyList<string> OfTransport { get; } =
        [Accounts, Registrations, DeviceKeys, Mailbox, Pushes, Expiry, Dek, Attachments, Signals, Releases, ReportInbox];
}
