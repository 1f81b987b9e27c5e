using System.Globalization;
using System.Text.Json.Serialization;
using Relay.Shared.Sealing;

namespace Relay.Shared.Proof.Receipts;

/// <summary>
/// What was destroyed for a business, and when: counts and key names, nobody's number and no conversation. Absent members don't apply. What is signed
/// is its <see cref="Statement"/>; its JSON has the same members.
/// </summary>
public sealed record DeletionReceipt
{
    internal const string Domain = "relay/deletion-receipt/v1";

    /// <summary>The counts are what was deleted.</summary>
    internal const string Exact = "exact";

    /// <summary>At least that was deleted, and it may have been more.</summary>
    internal const string AtLeast = "at_least";

    [JsonPropertyName("business")]
    public required string Business { get; init; }

    /// <summary>Names it within its business: a day (yyyyMMdd), the kind, and more where a day has several.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>One of <see cref="ReceiptKind"/>.</summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>The day (yyyyMMdd, UTC) whose data it was.</summary>
    [JsonPropertyName("day")]
    public string? Day { get; init; }

    /// <summary>Counts the versions of one receipt: a later one replaces it.</summary>
    [JsonPropertyName("issue")]
    public long Issue { get; init; } = 1;

    /// <summary>When the first thing was about to be destroyed, in Unix seconds.</summary>
    [JsonPropertyName("began_at")]
    public required long BeganAt { get; init; }

    /// <summary>When all that it tells of was gone, in Unix seconds.</summary>
    [JsonPropertyName("issued_at")]
    public required long IssuedAt { get; init; }

    /// <summary>The name of the destroyed data key in table <c>dek</c>; <c>all</c> of a closed business.</summary>
    [JsonPropertyName("key")]
    public string? Key { get; init; }

    /// <summary>The key-encryption key that had wrapped it.</summary>
    [JsonPropertyName("kek")]
    public string? Kek { get; init; }

    /// <summary>SHA-256 of the wrapped key, in hex: which key it was.</summary>
    [JsonPropertyName("wrapped_key_sha256")]
    public string? WrappedKeyHash { get; init; }

    /// <summary>How many conversations lost rows.</summary>
    [JsonPropertyName("conversations")]
    public long? Conversations { get; init; }

    /// <summary>How many rows of table <c>conversations</c> were deleted.</summary>
    [JsonPropertyName("rows")]
    public long? Rows { get; init; }

    /// <summary><c>exact</c> or <c>at_least</c>.</summary>
    [JsonPropertyName("counts")]
    public string? Counts { get; init; }

    /// <summary>How many conversations still had rows to be deleted, unreadable since their key is gone.</summary>
    [JsonPropertyName("remaining")]
    public long Remaining { get; init; }

    /// <summary>How many entries the business's audit had.</summary>
    [JsonPropertyName("audit_entries")]
    public long? AuditEntries { get; init; }

    /// <summary>The hash of the last of them.</summary>
    [JsonPropertyName("audit_hash")]
    public string? AuditHash { get; init; }

    public Statement ToStatement() => Statement.Of(
        Domain,
        ("audit_entries", Text(AuditEntries)),
        ("audit_hash", AuditHash),
        ("began_at", Text(BeganAt)),
        ("business", Business),
        ("conversations", Text(Conversations)),
        ("counts", Counts),
        ("day", Day),
        ("id", Id),
        ("issue", Text(Issue)),
        ("issued_at", Text(IssuedAt)),
        ("kek", Kek),
        ("key", Key),
        ("kind", Kind),
        ("remaining", Text(Remaining)),
        ("rows", Text(Rows)),
        ("wrapped_key_sha256", WrappedKeyHash));

    /// <exception cref="InvalidDataException">The text isn't a receipt.</exception>
    internal static DeletionReceipt Parse(string text) => Statement.TryParse(Domain, text, out Statement? statement)
        ? new DeletionReceipt
        {
            Business = statement.Get("business"),
            Id = statement.Get("id"),
            Kind = statement.Get("kind"),
            Day = statement.Find("day"),
            Issue = statement.Number("issue"),
            BeganAt = statement.Number("began_at"),
            IssuedAt = statement.Number("issued_at"),
            Key = statement.Find("key"),
            Kek = statement.Find("kek"),
            WrappedKeyHash = statement.Find("wrapped_key_sha256"),
            Conversations = statement.FindNumber("conversations"),
            Rows = statement.FindNumber("rows"),
            Counts = statement.Find("counts"),
            Remaining = statement.Number("remaining"),
            AuditEntries = statement.FindNumber("audit_entries"),
            AuditHash = statement.Find("audit_hash"),
        }
        : throw new InvalidDataException("What should be a receipt is none.");

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A receipt and the vault's signature over its statement.</summary>
public sealed record SignedReceipt(DeletionReceipt Receipt, KeySignature Signature);
