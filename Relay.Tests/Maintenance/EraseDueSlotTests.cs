using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Analytics;
using Relay.Shared.Billing;
using Relay.Shared.Conversations;
using Relay.Shared.Maintenance;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Xunit;

namespace Relay.Tests.Maintenance;

/// <summary>Ten minutes in which many conversations are due.</summary>
public sealed class EraseDueSlotTests
{
    private static readonly BusinessId s_business = BusinessId.Parse("100000000000001");
    private static readonly PhoneNumberId s_number = PhoneNumberId.Parse("200000000000001");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryTableStore _tables = new();

    /// <summary>A whole slice of them can't be read: those behind are swept all the same, and these by a later run.</summary>
    [Fact]
    public async Task What_can_not_be_swept_holds_up_nothing_behind_it()
    {
        await FillAsync(250);
        Calls calls = new(_tables) { Unreadable = key => Number(key) < 120 };
        await Timer(calls).ExecuteAsync(CancellationToken.None);
        Assert.Equal(120, Left());

        calls.Unreadable = _ => false;
        await Timer(calls).ExecuteAsync(CancellationToken.None);
        Assert.Equal(0, Left());
        Assert.Equal("due", Assert.Single(_tables.Everything(), entry => entry.Table == TableNames.Expiry).Row.RowKey);
    }

    /// <summary>Storage that takes a while: the host ends a function after five minutes, in the middle of whatever it does.</summary>
    [Fact]
    public async Task A_run_ends_before_the_host_ends_it_and_the_next_ones_finish()
    {
        await FillAsync(2_000);
        Calls calls = new(_tables) { Called = () => _time.Advance(TimeSpan.FromMilliseconds(200)) };
        int runs = 0;
        for (int left = Left(); left > 0; left = Left())
        {
            DateTimeOffset start = _time.GetUtcNow();
            await Timer(calls).ExecuteAsync(CancellationToken.None);
            Assert.InRange(_time.GetUtcNow() - start, TimeSpan.Zero, TimeSpan.FromMinutes(5));
            Assert.True(Left() < left);
            runs++;
        }

        Assert.InRange(runs, 3, 6);
    }

    private static int Number(string partition) => int.Parse(partition.AsSpan(partition.Length - 6), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private int Left() => _tables.Everything().Count(entry => entry.Table == TableNames.Conversations);

    private EraseDue Timer(ITableStore tables)
    {
        DueIndex due = new(tables, new OneHour(), _time);
        CountStore counts = new(tables);
        KeepUsage usage = new(counts, new MessageCounts(counts, _time, NullLogger<MessageCounts>.Instance), _time);
        return new EraseDue(tables, due, new EndParked(new ParkedStore(tables), due, new OneHour(), _time), usage, new OneHour(), _time, NullLogger<EraseDue>.Instance);
    }

    /// <summary>Conversations of one shard, each with a row that is due, an hour ago.</summary>
    private async Task FillAsync(int conversations)
    {
        await _tables.EnsureTablesAsync(TableNames.OfRelay, CancellationToken.None);
        await Timer(_tables).ExecuteAsync(CancellationToken.None);
        DueIndex due = new(_tables, new OneHour(), _time);
        for (int i = 0; i < conversations; i++)
        {
            Assert.True(ConversationId.TryParse(i.ToString("x32", CultureInfo.InvariantCulture), out ConversationId id));
            ConversationKey key = new(s_business, id);
            await due.NoteAsync(key, s_number, CancellationToken.None);
            Dictionary<string, object> columns = new() { ["at"] = _time.GetUtcNow().ToUnixTimeMilliseconds() };
            await _tables.CommitAsync(TableNames.Conversations, key.Partition, [TableWrite.Insert("R:0000000000000000", columns)], CancellationToken.None);
        }

        _time.Advance(TimeSpan.FromMinutes(71));
    }

    private sealed class OneHour : IRetentionPeriods
    {
        public ValueTask<TimeSpan?> FindAsync(BusinessId business, PhoneNumberId number, CancellationToken cancellationToken) => new(TimeSpan.FromHours(1));
    }

    /// <summary>Ends a run that asks again and again.</summary>
    private sealed class Calls(ITableStore inner) : ITableStore
    {
        private int _queries;

        public Func<string, bool> Unreadable { get; set; } = _ => false;

        public Action Called { get; init; } = () => { };

        public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken)
        {
            Called();
            return inner.GetAsync(table, partitionKey, rowKey, cancellationToken);
        }

        public async IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Called();
            Assert.True(++_queries < 10_000);
            if (table == TableNames.Conversations && Unreadable(range.PartitionKey))
            {
                throw new StorageFaultException("query", table, 503, "ServerBusy");
            }

            await foreach (TableRow row in inner.QueryAsync(table, range, cancellationToken))
            {
                yield return row;
            }
        }

        public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
        {
            Called();
            return inner.CommitAsync(table, partitionKey, writes, cancellationToken);
        }

        public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);
    }
}
