using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>What a user attaches to a report is sealed for.</summary>
public sealed record ReportKeyResponse
{
    /// <summary>The operator's public key, 32 bytes of X25519. Absent: nobody could read what is attached, so nothing may be.</summary>
    [JsonPropertyName("key")]
    public byte[]? Key { get; init; }
}

/// <summary>Sets what users' attachments to reports are sealed for. For the operator.</summary>
/// <param name="Key">32 bytes of X25519; empty to take no attachments any more.</param>
public sealed record SetReportKeyRequest([property: JsonPropertyName("key")] byte[] Key);

/// <summary>Asks for what users attached to reports of a business. For the operator.</summary>
/// <param name="Business">What the relay calls it.</param>
public sealed record ListReportsRequest([property: JsonPropertyName("business")] string Business)
{
    /// <summary>The report before the first; absent for the oldest.</summary>
    [JsonPropertyName("after")]
    public string? After { get; init; }

    /// <summary>How many at most.</summary>
    [JsonPropertyName("limit")]
    public int? Limit { get; init; }
}

/// <param name="Reports">Those that nobody closed, the oldest day first.</param>
public sealed record ReportsResponse([property: JsonPropertyName("reports")] IReadOnlyList<AttachedReport> Reports)
{
    /// <summary>What <c>after</c> takes for those that follow; absent when there are none.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; init; }
}

/// <summary>A report with what its user attached. It says nothing of the user.</summary>
/// <param name="Id">Names it among the business's.</param>
/// <param name="Day">When it was reported, in UTC, as <c>yyyyMMdd</c>.</param>
public sealed record AttachedReport([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("day")] string Day)
{
    /// <summary>As the device sealed it. Absent when the row was changed by somebody who isn't the transport.</summary>
    [JsonPropertyName("content")]
    public byte[]? Content { get; init; }
}

/// <summary>Deletes what was attached to one report. For the operator.</summary>
/// <param name="Business">What the relay calls it.</param>
/// <param name="Report">Its id.</param>
public sealed record CloseReportRequest([property: JsonPropertyName("business")] string Business, [property: JsonPropertyName("report")] string Report);

/// <param name="Closed">False: there is no such report, or not any more.</param>
public sealed record CloseReportResponse([property: JsonPropertyName("closed")] bool Closed);
