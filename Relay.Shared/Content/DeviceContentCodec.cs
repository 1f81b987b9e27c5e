using System.Text.Json;
using Relay.Shared.Primitives;

namespace Relay.Shared.Content;

/// <summary>Device content as the bytes that Signal encrypts: padded UTF-8 JSON.</summary>
public static class DeviceContentCodec
{
    /// <summary>The largest content, before padding, in bytes: what fits one envelope of the transport, beside the keys of a first message too.</summary>
    public const int MaxBytes = 42 * 1024;

    /// <summary>How deep its JSON may be: a request's 16 levels, and what is around the message.</summary>
    public const int MaxDepth = 20;

    // Escapes would triple a text of emoji.
    private static readonly ContentJson Json = new(new JsonSerializerOptions(ContentJson.Default.Options) { Encoder = CompactJsonEncoder.Instance });

    /// <exception cref="ArgumentException">It is larger than <see cref="MaxBytes"/>.</exception>
    public static byte[] Encode(DeviceContent content)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(content, Json.DeviceContent);
        return json.Length <= MaxBytes
            ? ContentPadding.Pad(json)
            : throw new ArgumentException("The content is too large.", nameof(content));
    }

    /// <summary>The content, or null: not padded, not JSON, not of this version, or without the one member that it needs.</summary>
    public static DeviceContent? Decode(ReadOnlySpan<byte> padded)
    {
        if (padded.Length > MaxBytes + ContentPadding.Step || !ContentPadding.TryUnpad(padded, out ReadOnlySpan<byte> json))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(json, Json.DeviceContent) is { } content && IsComplete(content) ? content : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsComplete(DeviceContent content) =>
        content.Version == DeviceContent.CurrentVersion
        && EnvelopeId.TryParse(content.Id, out _)
        && content.Timestamp is > 0 and < 253_402_300_800
        && content.Message is null != content.Receipt is null
        && content.Message is null or { ValueKind: JsonValueKind.Object }
        && content.Context is null or { Author: ContentContext.Business or ContentContext.User }
        && (content.Context is null || EnvelopeId.TryParse(content.Context.Id, out _))
        && (content.Receipt is null || IsComplete(content.Receipt));

    private static bool IsComplete(ContentReceipt receipt) =>
        receipt.Status is ContentReceipt.Delivered or ContentReceipt.Read or ContentReceipt.Played or ContentReceipt.Retry
        && receipt.Ids is { Count: > 0 and <= ContentReceipt.MaxIds }
        && receipt.Ids.All(id => EnvelopeId.TryParse(id, out _));
}
