using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Relay.Shared.Content;
using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>The JSON of files inside device content.</summary>
[JsonSerializable(typeof(AttachmentPointer))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class FileJson : JsonSerializerContext
{
    internal static FileJson Compact { get; } = new(new JsonSerializerOptions { Encoder = CompactJsonEncoder.Instance });
}
