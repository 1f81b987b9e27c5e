using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Relay.Shared.Graph.Paging;

namespace Relay.Shared.Graph.Accounts;

/// <summary>Reads what clients send about numbers and accounts, by the same rules as <see cref="GraphJson"/>.</summary>
[JsonSourceGenerationOptions(MaxDepth = GraphJson.MaxDepth, AllowDuplicateProperties = false, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ChangeNodeRequest))]
[JsonSerializable(typeof(AddNumberRequest))]
[JsonSerializable(typeof(RequestCodeRequest))]
[JsonSerializable(typeof(VerifyCodeRequest))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(ProfileRequest))]
[JsonSerializable(typeof(EncryptionRequest))]
[JsonSerializable(typeof(AutomationRequest))]
[JsonSerializable(typeof(QrCodeRequest))]
[JsonSerializable(typeof(BlockUsersRequest))]
[JsonSerializable(typeof(AppTokenRequest))]
[JsonSerializable(typeof(AppSubscriptionRequest))]
[JsonSerializable(typeof(DebugTokenRequest))]
public sealed partial class AccountJson : JsonSerializerContext;

/// <summary>Writes what leaves about numbers and accounts: ASCII only, absent members left out.</summary>
public static class AccountOutput
{
    private static readonly AccountOutputJson Ascii = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = AsciiJsonEncoder.Instance,
    });

    /// <summary>A node, or any answer that is built member by member.</summary>
    public static JsonTypeInfo<JsonObject> Node => Ascii.JsonObject;

    public static JsonTypeInfo<NodeList> NodeList => Ascii.NodeList;

    public static JsonTypeInfo<WebhookConfiguration> WebhookConfiguration => Ascii.WebhookConfiguration;
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(NodeList))]
[JsonSerializable(typeof(WebhookConfiguration))]
internal sealed partial class AccountOutputJson : JsonSerializerContext;
