using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Numbers;

namespace Relay.Benchmarks.Sections;

/// <summary>How near the count of users that a business messages is, and what it asks of storage for each message.</summary>
internal static class IntegritySection
{
    private const int Users = 100_000;
    private const int Quick = 10_000;
    private const int CountedUsers = 2_000;
    private const string Business = "1";

    internal static async Task<Section> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        int users = options.Quick ? Quick : Users;
        (long estimate, double perMessage, double rate) = await MessageAsync(users, MessagingTier.Unlimited, cancellationToken);
        (long counted, double perCounted, double countedRate) = await MessageAsync(CountedUsers, MessagingTier.Tier2K, cancellationToken);
        return new Section
        {
            Name = "integrity",
            Method =
            [
                string.Create(CultureInfo.InvariantCulture, $"One business messages {users:N0} users once each without a limit, then another {CountedUsers:N0} in tier 2K; in memory, written every {RecipientWindows.MergeDelay.TotalSeconds:0} s and when the host stops;"),
                "transactions as a table service bills them, reads and the keys' included.",
            ],
            Figures =
            [
                new Figure { Name = "error of the estimate", Value = 100 * Math.Abs((estimate / (double)users) - 1), Unit = "%", Target = "<= 2" },
                new Figure { Name = "transactions per message, estimated", Value = perMessage, Unit = "", Target = "<= 0.1" },
                new Figure { Name = "users counted, estimated", Value = rate, Unit = "/s" },
                new Figure { Name = "error of the count in tier 2K", Value = Math.Abs(counted - CountedUsers), Unit = "", Target = "0" },
                new Figure { Name = "transactions per new user, counted exactly", Value = perCounted, Unit = "", Note = "a user who was messaged that day costs none" },
                new Figure { Name = "users counted, exactly", Value = countedRate, Unit = "/s" },
            ],
        };
    }

    private static async Task<(long Users, double Transactions, double Rate)> MessageAsync(int users, MessagingTier tier, CancellationToken cancellationToken)
    {
        CountedTables tables = new(new MemoryTableStore());
        await tables.EnsureTablesAsync(TableNames.OfTransport, cancellationToken);
        TransportStorage storage = new(tables, new MemoryQueueStore(TimeProvider.System), new MemoryBlobStore());
        SketchItems items = new(RelayAccounts.OpenKeys(storage, new LocalKeyWrapper(LocalKeyFile.InMemory()), TimeProvider.System, "local"));
        long before = tables.Transactions + tables.Queries;
        long start = Stopwatch.GetTimestamp();
        RecipientWindows windows = new(items, new SketchStore(storage, new ListedBusinesses(storage, TimeProvider.System)), TimeProvider.System, NullLogger<RecipientWindows>.Instance);
        for (int user = 0; user < users; user++)
        {
            byte[] hash = new byte[32];
            BinaryPrimitives.WriteInt32BigEndian(hash, user);
            await windows.TryAddAsync(Business, NumberHash.FromBytes(hash), tier, cancellationToken);
        }

        double spent = Stopwatch.GetElapsedTime(start).TotalSeconds;
        (long counted, bool _) = await windows.CountAsync(Business, cancellationToken);
        await windows.DisposeAsync();
        return (counted, (tables.Transactions + tables.Queries - before) / (double)users, users / spent);
    }
}
