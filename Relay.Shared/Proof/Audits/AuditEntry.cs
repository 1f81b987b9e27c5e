using System.Globalization;
using System.Text.Json.Serialization;
using Relay.Shared.Sealing;

namespace Relay.Shared.Proof.Audits;

/// <summary>
/// One access to content: who, what, of which class, when. Nobody's number and no content. Bound to the entry before by its hash; its own hash is that of its
/// <see cref="Statement"/>, which has the same members as its JSON.
/// </summary>
public sealed record AuditEntry
{
    internal const string Domain = "relay/audit-entry/v1";

    /// <summary>What the first entry has for the hash of the entry before it.</summary>
    public static readonly string NoHash = new('0', 64);

    /// <summary>Counts the business's entries from 1.</summary>
    [JsonPropertyName("entry")]
    public required long Number { get; init; }

    [JsonPropertyName("business")]
    public required string Business { get; init; }

    /// <summary>When, in Unix milliseconds.</summary>
    [JsonPropertyName("at")]
    public required long At { get; init; }

    /// <summary><c>token:</c> and an access token's id, or <c>admin</c>.</summary>
    [JsonPropertyName("who")]
    public required string Who { get; init; }

    /// <summary>What was done: one of <see cref="AccessOperation"/>.</summary>
    [JsonPropertyName("operation")]
    public required string Operation { get; init; }

    /// <summary>The class of data that it opens.</summary>
    [JsonPropertyName("data")]
    public required string Data { get; init; }

    /// <summary>Random, 16 hex digits: no two entries are the same.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The hash of the entry before, 64 hex digits.</summary>
    [JsonPropertyName("previous")]
    public required string Previous { get; init; }

    public Statement ToStatement() => Statement.Of(
        Domain,
        ("at", At.ToString(CultureInfo.InvariantCulture)),
        ("business", Business),
        ("data", Data),
        ("entry", Number.ToString(CultureInfo.InvariantCulture)),
        ("id", Id),
        ("operation", Operation),
        ("previous", Previous),
        ("who", Who));

    /// <summary>Null when the text isn't an entry.</summary>
    internal static AuditEntry? Parse(string text) =>
        Statement.TryParse(Domain, text, out Statement? statement)
        && statement.FindNumber("at") is { } at
        && statement.FindNumber("entry") is { } number
        && statement is { } said && said.Find("business") is { } business && said.Find("data") is { } data && said.Find("id") is { } id
        && said.Find("operation") is { } operation && said.Find("previous") is { } previous && said.Find("who") is { } who
            ? new AuditEntry { At = at, Number = number, Business = business, Data = data, Id = id, Operation = operation, Previous = previous, Who = who }
            : null;
}
