using System.Globalization;
using System.Text.Json.Serialization;
using Relay.Shared.Sealing;

namespace Relay.Shared.Proof.Audits;

/// <summary>Says that at some time the business's audit had so many entries and the last of them that hash. It is signed in the vault.</summary>
public sealed record AuditCheckpoint
{
    internal const string Domain = "relay/audit-checkpoint/v1";

    [JsonPropertyName("business")]
    public required string Business { get; init; }

    /// <summary>The last entry it covers.</summary>
    [JsonPropertyName("entry")]
    public required long Number { get; init; }

    /// <summary>That entry's hash, which covers all before it.</summary>
    [JsonPropertyName("hash")]
    public required string Hash { get; init; }

    /// <summary>When it was signed, in Unix milliseconds.</summary>
    [JsonPropertyName("at")]
    public required long At { get; init; }

    public Statement ToStatement() => Statement.Of(
        Domain,
        ("at", At.ToString(CultureInfo.InvariantCulture)),
        ("business", Business),
        ("entry", Number.ToString(CultureInfo.InvariantCulture)),
        ("hash", Hash));

    /// <summary>Null when the text isn't a checkpoint.</summary>
    internal static AuditCheckpoint? Parse(string text) =>
        Statement.TryParse(Domain, text, out Statement? statement)
        && statement.FindNumber("at") is { } at
        && statement.FindNumber("entry") is { } number
        && statement.Find("business") is { } business
        && statement.Find("hash") is { } hash
            ? new AuditCheckpoint { At = at, Number = number, Business = business, Hash = hash }
            : null;
}

/// <summary>A checkpoint and the vault's signature over its statement.</summary>
public sealed record SignedCheckpoint(AuditCheckpoint Checkpoint, KeySignature Signature);
