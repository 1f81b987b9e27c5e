using System.Text.Json.Serialization;

namespace Relay.Shared.Accounts.Wire;

/// <summary>Sets what users' attachments to reports are sealed for. <c>PUT /relay/v1/admin/report_key</c>.</summary>
/// <param name="PublicKey">32 bytes of X25519 in base64; empty to take no attachments any more.</param>
public sealed record SetPublicReportKeyRequest([property: JsonPropertyName("public_key")] string? PublicKey);

/// <summary>A page of what users attached to reports of a business. <c>GET /relay/v1/admin/businesses/{id}/reports</c>.</summary>
/// <param name="Data">Those that were not closed, the oldest day first.</param>
/// <param name="Next">What <c>after</c> takes for the next page; absent at the end.</param>
public sealed record ListBusinessReportsResponse(
    [property: JsonPropertyName("data")] IReadOnlyList<BusinessReport> Data, [property: JsonPropertyName("next")] string? Next);

/// <summary>A report; nothing of who reported.</summary>
/// <param name="Id">Names it among the business's.</param>
/// <param name="Day">When it was reported, in UTC, as <c>yyyyMMdd</c>.</param>
/// <param name="SealedContent">A sealed box to the operator's key, in base64; absent when somebody changed its row.</param>
public sealed record BusinessReport(
    [property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("day")] string Day, [property: JsonPropertyName("sealed_content")] byte[]? SealedContent)
{
    public override string ToString() => nameof(BusinessReport);
}
