using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Graph;

/// <summary>Writes error answers, as <see cref="GraphOutput"/> writes all else. By itself: the transport answers unknown paths too, and knows no message.</summary>
public static partial class GraphErrorOutput
{
    private static readonly ErrorJson Ascii = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = AsciiJsonEncoder.Instance,
    });

    public static byte[] Write(GraphError error, string traceId) => JsonSerializer.SerializeToUtf8Bytes(GraphErrorResponse.From(error, traceId), Ascii.GraphErrorResponse);

    [JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
    [JsonSerializable(typeof(GraphErrorResponse))]
    private sealed partial class ErrorJson : JsonSerializerContext;
}
