using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Shared.Accounts;
using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.Maintenance;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Signal;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;

namespace Relay.Benchmarks.Sections;

/// <summary>How fast the deletion timer works off what is past its days, and what it asks of storage for it.</summary>
internal static class DeletionSection
{
    private const int InMemory = 1_000_000;
    private const int OnStorage = 20_000;
    private const int Quick = 2_000;
    private const int WrittenAtOnce = 8;

    internal static async Task<Section> RunAsync(BenchAccounts? accounts, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        AdvancedClock time = new();
        UtcDay firstDay = UtcDay.Today(time);
        CountedTables tables = new(accounts?.Relay.Tables ?? new MemoryTableStore());
        await tables.EnsureTablesAsync(TableNames.OfRelay, cancellationToken);
        await using ServiceProvider services = Compose(tables, time);
        BusinessId business = BusinessId.Create();
        await services.GetRequiredService<BusinessStore>().AddAsync(
            new Business
            {
                Id = business,
                Waba = WabaId.Create(),
                AppId = "1",
                Name = new Sensitive<string>("Deletion"),
                AppSecret = new Secret("deletion"),
                ReplayWindow = new ReplayWindow(0),
                SignalPolicy = SignalPolicy.AcceptAll,
            },
            cancellationToken);

        int conversations = (options.Quick ? Quick : accounts is null ? InMemory : OnStorage) / OldConversations.RowsPerConversation;
        OldConversations old = new(tables, business, firstDay);
        for (int i = 0; i < conversations; i += WrittenAtOnce)
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(WrittenAtOnce, conversations - i)).Select(_ => old.AddAsync(cancellationToken)));
        }

        (long transactions, long queries, TimeSpan spent) = await DeleteAsync(services, tables, time, old, cancellationToken);
        int rows = conversations * OldConversations.RowsPerConversation;
        int days = conversations * OldConversations.Days;
        return new Section
        {
            Name = $"deletion, {SectionList.Place(accounts)}",
            Method =
            [
                string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows of {conversations:N0} conversations, each used on {OldConversations.Days} days and idle since; the clock goes day by day until all is gone;"),
                "transactions as a table service bills them (a query one for each 1,000 rows), those of looking for nothing included.",
            ],
            Figures =
            [
                new Figure { Name = "rows deleted", Value = rows / spent.TotalSeconds, Unit = "/s" },
                new Figure { Name = "conversation-days swept", Value = days / spent.TotalSeconds, Unit = "/s" },
                new Figure
                {
                    Name = "transactions per conversation-day",
                    Value = (transactions + queries) / (double)days,
                    Unit = "",
                    Target = "<= 3 and 1 for each 100 rows",
                    Note = string.Create(CultureInfo.InvariantCulture, $"{queries / (double)days:0.00} of them queries"),
                },
            ],
        };
    }

    private static async Task<(long Transactions, long Queries, TimeSpan Spent)> DeleteAsync(
        ServiceProvider services, CountedTables tables, AdvancedClock time, OldConversations old, CancellationToken cancellationToken)
    {
        (long transactions, long queries) = (tables.Transactions, tables.Queries);
        DeleteExpired deleteExpired = services.GetRequiredService<DeleteExpired>();
        DateTimeOffset last = new(old.LastDay.AddDays(Retention.Days).Date, TimeOnly.MinValue, TimeSpan.Zero);
        long start = Stopwatch.GetTimestamp();
        time.Advance(TimeSpan.FromDays(Retention.Days - OldConversations.Days));
        while (time.GetUtcNow() <= last + TimeSpan.FromDays(1))
        {
            await deleteExpired.ExecuteAsync(cancellationToken);
            time.Advance(TimeSpan.FromDays(1));
        }

        TimeSpan spent = Stopwatch.GetElapsedTime(start);
        int left = 0;
        for (int back = 0; back < OldConversations.Days; back++)
        {
            for (int shard = 0; shard < 16; shard++)
            {
                string partition = string.Create(CultureInfo.InvariantCulture, $"{old.LastDay.AddDays(-back).Key}-{shard}");
                await foreach (TableRow _ in tables.QueryAsync(TableNames.Expiry, TableRange.Partition(partition, 1), cancellationToken))
                {
                    left++;
                }
            }
        }

        return left == 0
            ? (tables.Transactions - transactions, tables.Queries - queries, spent)
            : throw new InvalidOperationException("Deletion left rows behind.");
    }

    private static ServiceProvider Compose(CountedTables tables, AdvancedClock time)
    {
        RelayStorage storage = new(tables, new MemoryQueueStore(time), new MemoryBlobStore());
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(time);
        services.AddLogging();
        services.AddSingleton(storage);
        services.AddSingleton(RelayAccounts.OpenKeys(storage, new LocalKeyWrapper(LocalKeyFile.InMemory()), time, "local"));
        services.AddRelay(new RelayOptions
        {
            Region = "local",
            PublicBaseUrl = new Uri("http://127.0.0.1"),
            TransportBaseUrl = new Uri("http://127.0.0.1"),
            RegistrationKey = new Secret("registration"),
        });
        return services.BuildServiceProvider();
    }
}
