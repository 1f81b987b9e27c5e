using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Clients;

/// <summary>The whole surface of two npm clients, unmodified: what each sends is answered, reaches the device, and comes back through its own webhook code.</summary>
public sealed class SurfaceTests
{
    [NodeFact]
    public async Task Whatsapp_api_js()
    {
        await using ClientScene scene = await ClientScene.StartAsync("whatsapp-api-js", "whatsapp-api-js");
        string heard = TestRelay.Text(await scene.HearAsync("""{"type":"text","text":{"body":"Hello?"}}"""), "id");
        IReadOnlyDictionary<string, JsonElement> sent = await scene.RunAsync($"send {heard}");
        Assert.Equal([], ClientScene.Refused(sent));
        await scene.DeliverAsync(statuses: 17);
        Assert.Equal(
            [
                "text", "text", "image", "image", "location", "contacts", "reaction", "reaction", "interactive button", "interactive list", "interactive cta_url", "interactive flow",
                "interactive location_request_message", "interactive product", "interactive product_list", "template", "text",
            ],
            Types(scene));
        Assert.Equal(2, scene.Received.Count(content => content.Receipt is not null));

        await InboundTypes.CheckAsync(scene, scene.Received.First(content => content.Message is not null).Id);

        IReadOnlyDictionary<string, JsonElement> managed = await scene.RunAsync("manage");
        Assert.Equal(["retrieveMedia deleted: 100", "sendMessage blocked: 130403"], ClientScene.Refused(managed));
        Assert.True(managed["fetchMedia"].GetProperty("answer").GetProperty("same").GetBoolean());
        Assert.Empty(scene.Relay.Faults);
    }

    [NodeFact]
    public async Task Great_detail()
    {
        await using ClientScene scene = await ClientScene.StartAsync("great-detail", "@great-detail/whatsapp");
        string heard = TestRelay.Text(await scene.HearAsync("""{"type":"text","text":{"body":"Hello?"}}"""), "id");
        IReadOnlyDictionary<string, JsonElement> sent = await scene.RunAsync($"send {heard}");
        Assert.Equal([], ClientScene.Refused(sent));
        await scene.DeliverAsync(statuses: 10);
        Assert.Equal(
            ["text", "text", "image", "document", "location", "contacts", "reaction", "interactive button", "interactive list", "template"], Types(scene));

        await InboundTypes.CheckAsync(scene, scene.Received.First(content => content.Message is not null).Id);

        IReadOnlyDictionary<string, JsonElement> managed = await scene.RunAsync("manage");
        Assert.Equal(["updatePhoneNumber: 100", "list library: 2500"], ClientScene.Refused(managed));
        Assert.True(managed["download"].GetProperty("answer").GetProperty("same").GetBoolean());
        Assert.Empty(scene.Relay.Faults);
    }

    /// <summary>What the device got, by type, and of an interactive one by its own.</summary>
    private static IEnumerable<string> Types(ClientScene scene) =>
        from message in scene.Received.Select(content => content.Message).OfType<JsonElement>()
        let type = TestRelay.Text(message, "type")
        select type == "interactive" ? $"{type} {TestRelay.Text(message.GetProperty(type), "type")}" : type;
}
