using Microsoft.Extensions.Logging.Abstractions;
using Relay.Shared.Accounts;
using Relay.Shared.Analytics;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Storage;
using Relay.Tests.Signal;
using Relay.Tests.Support;

namespace Relay.Tests.Conversations;

/// <summary>A conversation's partition and what tests need to write, read and tamper with it.</summary>
internal sealed class Conversation
{
    public const string Text = "kept between the two of us";
    public const string Callback = "callback-of-the-business";
    public const string Peer = "491571234567";

    public static readonly PhoneNumberId Number = PhoneNumberId.Parse("2002");

    private static readonly CancellationToken None = CancellationToken.None;

    private Conversation(TestVault vault)
    {
        Vault = vault;
        Store = new ConversationStore(
            vault.Tables,
            vault.Sealer,
            new ExpiryIndex(vault.Tables, vault.Time),
            new DueIndex(vault.Tables, new NoOwnRetention(), vault.Time),
            new MessageCounts(new CountStore(vault.Tables), vault.Time, NullLogger<MessageCounts>.Instance),
            vault.Time,
            new StampEra(1));
    }

    public TestVault Vault { get; }

    public ConversationStore Store { get; }

    public AccountDirectory Accounts => new(
        new BusinessStore(Vault.Tables, Vault.Sealer), new NumberStore(Vault.Tables, Vault.Sealer), new SubscriptionStore(Vault.Tables, Vault.Sealer), Vault.Time);

    public ConversationKey Key { get; } = new(BusinessId.Parse(TestVault.Tenant), ConversationId.Create());

    public static async Task<Conversation> CreateAsync() => new(await TestVault.CreateAsync());

    public static SessionContent Session(SessionRecord? record = null) =>
        new(Number, TestVault.Number(Peer), record ?? Party.Acquainted().Alice.Record() ?? throw new InvalidDataException());

    public static OutboundMessage Message(EnvelopeId id) => new()
    {
        Id = id,
        State = OutboundState.Committed,
        TellsStatus = true,
        To = TestVault.Number(Peer),
        CallbackData = Callback,
        EnvelopeType = "message",
        Ciphertext = System.Text.Encoding.UTF8.GetBytes("ciphertext " + Text),
        Content = System.Text.Encoding.UTF8.GetBytes(Text),
        RecipientIdentity = new byte[33],
    };

    public async Task<CommitResult> PutSessionAsync(SessionSlot slot, SessionContent content)
    {
        ConversationCommit commit = Store.Begin(Key, Number);
        await commit.PutSessionAsync(slot, content, "lookup-row", None);
        return await commit.SaveAsync(None);
    }

    public async Task<CommitResult> InsertAsync(EnvelopeId id)
    {
        ConversationCommit commit = Store.Begin(Key, Number);
        await commit.InsertOutboundAsync(Message(id), null, None);
        return await commit.SaveAsync(None);
    }

    public async Task<CommitResult> InsertWebhookAsync(string row)
    {
        ConversationCommit commit = Store.Begin(Key, Number);
        await commit.InsertWebhookAsync(row, System.Text.Encoding.UTF8.GetBytes(Text), None);
        return await commit.SaveAsync(None);
    }

    public async Task<TableRow> RowAsync(string row, ConversationKey? key = null) =>
        await Vault.Tables.GetAsync(TableNames.Conversations, (key ?? Key).Partition, row, None) ?? throw new InvalidDataException(row);

    /// <summary>What somebody with write access to the table could do.</summary>
    public async Task OverwriteAsync(string row, IReadOnlyDictionary<string, object> columns, ConversationKey? key = null) =>
        await Vault.Tables.CommitAsync(TableNames.Conversations, (key ?? Key).Partition, [TableWrite.Upsert(row, columns)], None);

    public async Task OverwriteAsync(string row, string column, object value)
    {
        Dictionary<string, object> columns = new((await RowAsync(row)).Columns) { [column] = value };
        await OverwriteAsync(row, columns);
    }
}
