using System.Text.Json;
using Relay.Shared.Content;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Clients;

/// <summary>Every type that a user's device sends and a business is told, as a library hands it to its business.</summary>
internal static class InboundTypes
{
    /// <summary>Sends one of each; the library must make of it the type, with the member of that name.</summary>
    internal static async Task CheckAsync(ClientScene scene, string businessMessage)
    {
        byte[] picture = Convert.FromHexString("89504E470D0A1A0A0000000D49484452");
        foreach (string kind in (string[])["image", "video", "audio", "document", "sticker"])
        {
            JsonElement attachment = await scene.Device.UploadAsync(picture);
            JsonElement told = await scene.HearAsync($$$"""{"type":"{{{kind}}}","{{{kind}}}":{"attachment":{{{attachment}}},"mime_type":"image/png"}}""");
            Assert.Equal((kind, "image/png"), (TestRelay.Text(told, "type"), TestRelay.Text(told.GetProperty("content"), "mime_type")));
            Assert.NotEmpty(TestRelay.Text(told.GetProperty("content"), "id"));
        }

        foreach ((string type, string message) in Messages(businessMessage))
        {
            JsonElement told = await scene.HearAsync(message);
            Assert.Equal(type, TestRelay.Text(told, "type"));
            Assert.True(told.TryGetProperty("content", out JsonElement content) && content.ValueKind is JsonValueKind.Object or JsonValueKind.Array, told.ToString());
        }

        JsonElement reply = await scene.HearAsync("""{"type":"text","text":{"body":"That"}}""", new ContentContext(businessMessage, ContentContext.Business));
        Assert.StartsWith("wamid.", TestRelay.Text(reply.GetProperty("context"), "id"), StringComparison.Ordinal);
        Assert.Equal("unsupported", TestRelay.Text(await scene.HearAsync("""{"type":"poll_creation","poll_creation":{}}"""), "type"));
    }

    private static IEnumerable<(string Type, string Message)> Messages(string about) =>
    [
        ("text", """{"type":"text","text":{"body":"hi"}}"""),
        ("location", """{"type":"location","location":{"latitude":52.1,"longitude":-4.3,"name":"n"}}"""),
        ("contacts", """{"type":"contacts","contacts":[{"name":{"formatted_name":"A B","first_name":"A"},"phones":[{"phone":"+1","wa_id":"1","type":"HOME"}]}]}"""),
        ("reaction", $$$"""{"type":"reaction","reaction":{"id":"{{{about}}}","author":"business","emoji":"👍"}}"""),
        ("interactive", """{"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"a","title":"A"}}}"""),
        ("interactive", """{"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"a","title":"A","description":"d"}}}"""),
        ("interactive", """{"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"a\":1}"}}}"""),
        ("button", """{"type":"button","button":{"payload":"p","text":"t"}}"""),
        ("order", """{"type":"order","order":{"catalog_id":"c","text":"t","product_items":[{"product_retailer_id":"p","quantity":2,"item_price":1.5,"currency":"EUR"}]}}"""),
        ("system", """{"type":"system","system":{"type":"user_changed_number","wa_id":"+1 650 555 9999"}}"""),
    ];
}
