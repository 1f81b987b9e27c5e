using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Idempotency;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Idempotency;

public sealed class FingerprintTests
{
    private const string Text = """{"messaging_product":"whatsapp","to":"+16505551234","type":"text","text":{"body":"hi","preview_url":false}}""";

    private static readonly BusinessId Business = BusinessId.Parse("1001");
    private static readonly PhoneNumberId Number = PhoneNumberId.Parse("2002");

    [Theory]
    [InlineData(Text)]
    [InlineData("""{ "text": { "preview_url": false, "body": "h\u0069" }, "to":"+16505551234", "type":"text", "messaging_product":"whatsapp" }""")]
    [InlineData("""{"messaging_product":"whatsapp","to":"+16505551234","type":"text","text":{"body":"hi","preview_url":false},"context":null,"unknown":1}""")]
    public async Task The_same_request_in_other_words_is_the_same(string json)
    {
        TestVault vault = await TestVault.CreateAsync();
        Assert.Equal((await NameAsync(vault, Text)).Fingerprint, (await NameAsync(vault.Restarted(), json)).Fingerprint);
    }

    [Theory]
    [InlineData("""{"messaging_product":"whatsapp","to":"+16505551235","type":"text","text":{"body":"hi","preview_url":false}}""")]
    [InlineData("""{"messaging_product":"whatsapp","to":"+16505551234","type":"text","text":{"body":"Hi","preview_url":false}}""")]
    [InlineData("""{"messaging_product":"whatsapp","to":"+16505551234","type":"text","text":{"body":"hi","preview_url":true}}""")]
    [InlineData("""{"messaging_product":"whatsapp","to":"+16505551234","type":"text","text":{"body":"hi","preview_url":false},"context":{"message_id":"wamid.x"}}""")]
    [InlineData("""{"messaging_product":"whatsapp","to":"+16505551234","type":"text","text":{"body":"hi","preview_url":false},"biz_opaque_callback_data":"7"}""")]
    [InlineData("""{"messaging_product":"whatsapp","to":"+16505551234","type":"text","text":{"body":"hi","preview_url":false},"recipient_identity_key_hash":"x"}""")]
    [InlineData("""{"messaging_product":"whatsapp","status":"read","message_id":"wamid.x"}""")]
    public async Task Another_request_is_another(string json)
    {
        TestVault vault = await TestVault.CreateAsync();
        Assert.NotEqual((await NameAsync(vault, Text)).Fingerprint, (await NameAsync(vault, json)).Fingerprint);
    }

    /// <summary>A member that a later version adds must not be forgotten: every member that is read is written.</summary>
    [Fact]
    public async Task Every_member_of_a_request_counts()
    {
        TestVault vault = await TestVault.CreateAsync();
        byte[] empty = (await NameAsync(vault, "{}")).Fingerprint;
        foreach (string member in GraphJson.Default.SendMessageRequest.Properties.Select(property => property.Name))
        {
            string[] values = ["\"x\"", "{}", "[]", "true", "1"];
            Assert.Contains(values, value => TryName(vault, $$"""{"{{member}}":{{value}}}""") is { } named && !named.Fingerprint.AsSpan().SequenceEqual(empty));
        }
    }

    [Fact]
    public async Task Numbers_keys_and_businesses_have_names_of_their_own()
    {
        TestVault vault = await TestVault.CreateAsync();
        KeyedRequest[] named =
        [
            await NameAsync(vault, Text),
            await NameAsync(vault, Text, key: "key-2"),
            await NameAsync(vault, Text, PhoneNumberId.Parse("20021"), "23"),
            await NameAsync(vault, Text, PhoneNumberId.Parse("2002"), "123"),
            await NameAsync(vault, Text, PhoneNumberId.Parse("2003")),
            await new NameRequest(vault.Ring).ExecuteAsync(BusinessId.Parse("1002"), Number, Key("key-1"), Parse(Text), CancellationToken.None),
        ];
        Assert.Equal(named.Length, named.Select(one => one.Name).Distinct().Count());
        Assert.All(named, one => Assert.Matches("^[0-9a-f]{64}$", one.Name));
        Assert.NotEqual(named[0].Fingerprint, named[^1].Fingerprint);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a b", false)]
    [InlineData("a\tb", false)]
    [InlineData("ä", false)]
    [InlineData("\u007f", false)]
    public void A_key_is_visible_ascii(string? text, bool isKey) => Assert.Equal(isKey, IdempotencyKey.TryParse(text, out _));

    [Fact]
    public void A_key_has_at_most_255_characters_and_prints_none()
    {
        Assert.False(IdempotencyKey.TryParse(new string('k', 256), out _));
        Assert.True(IdempotencyKey.TryParse(new string('k', 255), out IdempotencyKey? key));
        Assert.Equal("[redacted]", key.ToString());
        Assert.Throws<JsonException>(() => JsonSerializer.Serialize(key));
    }

    private static KeyedRequest? TryName(TestVault vault, string json)
    {
        try
        {
            ValueTask<KeyedRequest> named = NameAsync(vault, json);
            return named.IsCompleted ? named.GetAwaiter().GetResult() : throw new InvalidOperationException("The keys are in memory by now.");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ValueTask<KeyedRequest> NameAsync(TestVault vault, string json, PhoneNumberId? number = null, string key = "key-1") =>
        new NameRequest(vault.Ring).ExecuteAsync(Business, number ?? Number, Key(key), Parse(json), CancellationToken.None);

    private static IdempotencyKey Key(string text) => IdempotencyKey.TryParse(text, out IdempotencyKey? key) ? key : throw new FormatException();

    private static SendMessageRequest Parse(string json) =>
        JsonSerializer.Deserialize(json, GraphJson.Default.SendMessageRequest) ?? throw new JsonException();
}
