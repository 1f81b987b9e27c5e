using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Relay.Shared.Graph.History;
using Relay.Shared.Graph.Media;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Graph.Webhooks;

namespace Relay.Shared.Graph;

/// <summary>
/// Reads what clients send: at most 16 deep, no member twice, unknown members ignored, <c>null</c> as good as absent.
/// Only for reading; what goes out is <see cref="GraphOutput"/>'s.
/// </summary>
[JsonSourceGenerationOptions(MaxDepth = MaxDepth, AllowDuplicateProperties = false, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SendMessageRequest))]
[JsonSerializable(typeof(NumberSettingsRequest))]
[JsonSerializable(typeof(WebhookOverride))]
[JsonSerializable(typeof(TemplateRequest))]
[JsonSerializable(typeof(DeleteTemplateRequest))]
public sealed partial class GraphJson : JsonSerializerContext
{
    public const int MaxDepth = 16;
}

/// <summary>Writes what leaves, answers and webhooks alike: ASCII only (<see cref="AsciiJsonEncoder"/>), absent members left out.</summary>
public static class GraphOutput
{
    private static readonly GraphOutputJson Ascii = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = AsciiJsonEncoder.Instance,
    });

    public static JsonTypeInfo<SendMessageReply> SendMessageReply => Ascii.SendMessageReply;

    public static JsonTypeInfo<SuccessResponse> SuccessResponse => Ascii.SuccessResponse;

    public static JsonTypeInfo<NumberSettingsResponse> NumberSettingsResponse => Ascii.NumberSettingsResponse;

    public static JsonTypeInfo<MediaIdReply> MediaIdReply => Ascii.MediaIdReply;

    public static JsonTypeInfo<MediaNode> MediaNode => Ascii.MediaNode;

    public static JsonTypeInfo<SubscribedAppsResponse> SubscribedAppsResponse => Ascii.SubscribedAppsResponse;

    public static JsonTypeInfo<MessageHistoryResponse> MessageHistoryResponse => Ascii.MessageHistoryResponse;

    public static JsonTypeInfo<MessageHistoryEventsResponse> MessageHistoryEventsResponse => Ascii.MessageHistoryEventsResponse;

    public static JsonTypeInfo<CreatedTemplate> CreatedTemplate => Ascii.CreatedTemplate;

    public static JsonTypeInfo<TemplateList> TemplateList => Ascii.TemplateList;

    public static JsonTypeInfo<TemplateNode> TemplateNode => Ascii.TemplateNode;

    public static JsonTypeInfo<WebhookEnvelope> WebhookEnvelope => Ascii.WebhookEnvelope;

    public static JsonTypeInfo<AccountEnvelope> AccountEnvelope => Ascii.AccountEnvelope;
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SendMessageReply))]
[JsonSerializable(typeof(SuccessResponse))]
[JsonSerializable(typeof(NumberSettingsResponse))]
[JsonSerializable(typeof(MediaIdReply))]
[JsonSerializable(typeof(MediaNode))]
[JsonSerializable(typeof(SubscribedAppsResponse))]
[JsonSerializable(typeof(MessageHistoryResponse))]
[JsonSerializable(typeof(MessageHistoryEventsResponse))]
[JsonSerializable(typeof(CreatedTemplate))]
[JsonSerializable(typeof(TemplateList))]
[JsonSerializable(typeof(TemplateNode))]
[JsonSerializable(typeof(WebhookEnvelope))]
[JsonSerializable(typeof(AccountEnvelope))]
internal sealed partial class GraphOutputJson : JsonSerializerContext;
