using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Messaging;

public sealed class MessageIdTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly BusinessId Business = BusinessId.Parse("1001");
    private static readonly PhoneNumberId Number = PhoneNumberId.Parse("2002");

    [Fact]
    public async Task An_id_leads_back_to_its_message_and_is_always_the_same()
    {
        TestVault vault = await TestVault.CreateAsync();
        for (int i = 0; i < 50; i++)
        {
            MessageLocator locator = Locator(i % 2 == 0 ? MessageDirection.FromBusiness : MessageDirection.FromUser);
            string id = await Create(vault, locator);

            Assert.StartsWith("wamid.", id, StringComparison.Ordinal);
            Assert.InRange(id.Length, 60, MessageIds.MaxLength);
            Assert.Equal(id, await Create(vault.Restarted(), locator));
            Assert.Equal(locator, await Read(vault.Restarted(), id));
        }
    }

    /// <summary>The answer is another implementation's (Node.js crypto) of the form that stands above <see cref="MessageIds"/>: ids that are out stay what they are.</summary>
    [Fact]
    public void The_form_of_an_id_is_known()
    {
        byte[] keys = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];
        MessageLocator locator = new(
            MessageDirection.FromBusiness, ConversationId.FromBytes(keys.AsSpan(0, 16)), EnvelopeId.FromBytes(keys.AsSpan(16, 8)));
        Assert.Equal("wamid.AeaAtMsyDsHBb9A6x70vLKHm32pYKINhTCyYx/zp94gi9rl4mn7Rnwkkg9W+SdaYtlYuhFLp", MessageIds.Create(keys, PhoneNumberId.Parse("106540352242922"), locator));
    }

    [Fact]
    public async Task An_id_is_unknown_to_another_business_and_on_another_number()
    {
        TestVault vault = await TestVault.CreateAsync();
        string id = await Create(vault, Locator());

        Assert.Null(await new MessageIds(vault.Ring).ReadAsync(BusinessId.Parse("1002"), Number, id, None));
        Assert.Null(await new MessageIds(vault.Ring).ReadAsync(Business, PhoneNumberId.Parse("2003"), id, None));
        Assert.NotNull(await Read(vault, id));
    }

    [Fact]
    public async Task Every_flipped_bit_and_every_other_length_is_unknown()
    {
        TestVault vault = await TestVault.CreateAsync();
        byte[] bytes = Convert.FromBase64String((await Create(vault, Locator()))[6..]);
        Assert.Equal(1 + 12 + 25 + 16, bytes.Length);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(await Read(vault, "wamid." + Convert.ToBase64String(flipped)) is null, $"bit {bit}");
        }

        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Null(await Read(vault, "wamid." + Convert.ToBase64String(bytes, 0, length)));
        }
    }

    [Fact]
    public async Task A_second_spelling_is_not_the_id()
    {
        TestVault vault = await TestVault.CreateAsync();
        string id = await Create(vault, Locator());
        string[] spellings =
        [
            id + " ", id.Insert(20, " "), id.Insert(20, "\n"), id.Insert(6, "\t"), id.TrimEnd('='), id + "=", id.ToUpperInvariant(), " " + id,
            "WAMID." + id[6..], id[6..], id.Replace('+', '-').Replace('/', '_') + (id.Contains('+', StringComparison.Ordinal) || id.Contains('/', StringComparison.Ordinal) ? "" : "-"),
        ];
        Assert.All(spellings.Where(text => text != id), text => Assert.NotEqual(id, text));
        foreach (string text in spellings.Where(text => text != id))
        {
            Assert.True(await Read(vault, text) is null, text);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wamid.")]
    [InlineData("wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBJDQjZCMzlEQUE4OTJBMTE4RTUA")]
    [InlineData("wamid.!!!!")]
    [InlineData("\0")]
    public async Task What_is_no_id_of_ours_is_unknown(string? text) => Assert.Null(await Read(await TestVault.CreateAsync(), text));

    [Fact]
    public async Task Texts_longer_than_any_id_are_unknown()
    {
        TestVault vault = await TestVault.CreateAsync();
        Assert.Null(await Read(vault, "wamid." + new string('A', MessageIds.MaxLength)));
        Assert.Null(await Read(vault, "wamid." + new string('A', MessageIds.MaxLength - 6)));
        Assert.Null(await Read(vault, "wamid." + new string('A', 1_000_000)));
    }

    [Fact]
    public async Task An_id_holds_no_number_and_nothing_of_its_conversation()
    {
        TestVault vault = await TestVault.CreateAsync();
        MessageLocator locator = Locator();
        byte[] bytes = Convert.FromBase64String((await Create(vault, locator))[6..]);

        Assert.True(bytes.AsSpan().IndexOf(locator.Conversation.ToBytes()) < 0);
        Assert.True(bytes.AsSpan().IndexOf(locator.Message.ToBytes()) < 0);
        Assert.True(bytes.AsSpan().IndexOf("2002"u8) < 0);
    }

    private static MessageLocator Locator(MessageDirection direction = MessageDirection.FromBusiness) =>
        new(direction, ConversationId.Create(), EnvelopeId.Create());

    private static async Task<string> Create(TestVault vault, MessageLocator locator) =>
        await new MessageIds(vault.Ring).CreateAsync(Business, Number, locator, None);

    private static async Task<MessageLocator?> Read(TestVault vault, string? id) => await new MessageIds(vault.Ring).ReadAsync(Business, Number, id, None);
}
