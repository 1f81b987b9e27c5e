using System.Text.Json.Serialization;

namespace Relay.Shared.Graph;

/// <summary>Every error answer: <c>{"error":{…}}</c> (spec/cloud-api.md §2.3).</summary>
public sealed record GraphErrorResponse([property: JsonPropertyName("error")] GraphErrorBody Error)
{
    public static GraphErrorResponse From(GraphError error, string traceId) => new(new GraphErrorBody
    {
        Message = error.Code.Message,
        Type = error.Code.Type,
        Code = error.Code.Code,
        Subcode = error.Subcode,
        IsTransient = error.Code.Retryable ? true : null,
        Data = new GraphErrorData { MessagingProduct = GraphErrorData.Product, Details = error.Details },
        TraceId = traceId,
    });
}

public sealed record GraphErrorBody
{
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("code")]
    public required int Code { get; init; }

    [JsonPropertyName("error_subcode")]
    public int? Subcode { get; init; }

    /// <summary>Present and true where trying again can help.</summary>
    [JsonPropertyName("is_transient")]
    public bool? IsTransient { get; init; }

    [JsonPropertyName("error_data")]
    public required GraphErrorData Data { get; init; }

    /// <summary>Names this one answer, in the body, in the header and in the log.</summary>
    [JsonPropertyName("fbtrace_id")]
    public required string TraceId { get; init; }
}

public sealed record GraphErrorData
{
    internal const string Product = "whatsapp";

    /// <summary>Present in answers, absent in webhooks.</summary>
    [JsonPropertyName("messaging_product")]
    public string? MessagingProduct { get; init; }

    [JsonPropertyName("details")]
    public required string Details { get; init; }
}
