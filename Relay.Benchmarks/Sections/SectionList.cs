using System.Runtime.CompilerServices;
using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;

namespace Relay.Benchmarks.Sections;

/// <summary>What there is to measure, in the order in which it is.</summary>
internal static class SectionList
{
    internal static async IAsyncEnumerable<Section> RunAsync(
        BenchmarkOptions options, BenchStorages storages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (options.Wants("signal"))
        {
            await foreach (Section section in SignalSection.RunAsync(options, cancellationToken))
            {
                yield return section;
            }
        }

        if (options.Wants("seal"))
        {
            yield return await SealSection.RunAsync(options, cancellationToken);
            yield return await KeyCacheSection.RunAsync(options, cancellationToken);
        }

        if (options.Wants("accept"))
        {
            yield return await AcceptSection.RunAsync(null, options, cancellationToken);
            yield return await OnAccounts("accept", storages, accounts => AcceptSection.RunAsync(accounts, options, cancellationToken));
        }

        if (options.Wants("e2e"))
        {
            yield return await EndToEndSection.RunAsync(null, options, cancellationToken);
            yield return await OnAccounts("e2e", storages, accounts => EndToEndSection.RunAsync(accounts, options, cancellationToken));
        }

        if (options.Wants("transactions"))
        {
            yield return await OnAccounts("transactions", storages, accounts => TransactionsSection.RunAsync(accounts, options, cancellationToken));
        }

        if (options.Wants("burst"))
        {
            yield return await BurstSection.RunAsync(null, options, cancellationToken);
            yield return await OnAccounts("burst", storages, accounts => BurstSection.RunAsync(accounts, options, cancellationToken));
        }

        if (options.Wants("deletion"))
        {
            yield return await DeletionSection.RunAsync(null, options, cancellationToken);
            yield return await OnAccounts("deletion", storages, accounts => DeletionSection.RunAsync(accounts, options, cancellationToken));
        }

        if (options.Wants("integrity"))
        {
            yield return await IntegritySection.RunAsync(options, cancellationToken);
        }

        if (options.Wants("media"))
        {
            yield return await OnAccounts("media", storages, accounts => MediaSection.RunAsync(accounts, options, cancellationToken));
        }

        if (options.Wants("allocations"))
        {
            yield return await AllocationsSection.RunAsync(options, cancellationToken);
        }
    }

    /// <summary>"in memory" or "on storage", for headings.</summary>
    internal static string Place(BenchAccounts? accounts) => accounts is null ? "in memory" : "on Azurite (or whatever RelayStorage and TransportStorage name)";

    private static async Task<Section> OnAccounts(string name, BenchStorages storages, Func<BenchAccounts, Task<Section>> run) =>
        storages.Accounts is { } accounts
            ? await run(accounts)
            : new Section { Name = $"{name}, on storage", Method = ["Left out: RelayStorage and TransportStorage are not set (./relay bench sets them)."] };
}
