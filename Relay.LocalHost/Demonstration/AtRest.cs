using Relay.LocalHost.Running;
using Relay.Shared.Azure;
using Relay.Shared.Storage;

namespace Relay.LocalHost.Demonstration;

/// <summary>Lists what lies in both storage accounts and on disk, and searches all of it for what must not be there in clear.</summary>
internal sealed class AtRest(DataFolder folder, Screen screen)
{
    private const int MaxRows = 1_000;
    private const int FlushAttempts = 40;

    public async Task ShowAsync(IReadOnlyList<string> secrets, string marker, CancellationToken cancellationToken)
    {
        ClearTextScan scan = new(secrets);
        screen.Step("What lies at rest");
        await ListAsync("relay", folder.RelayAccount, TableNames.OfRelay, QueueNames.OfRelay, cancellationToken);
        await ListAsync("transport", folder.TransportAccount, TableNames.OfTransport, QueueNames.OfTransport, cancellationToken);

        screen.Step("Every byte on disk is searched for the texts and the numbers");
        await WaitForFlushAsync(marker, cancellationToken);
        scan.ProveItself();
        (int files, long bytes) = scan.SearchFolder(folder.Path);
        screen.Fact("searched", $"{files} files, {bytes:N0} bytes: the emulator's tables and queues, the log at its most detailed level, keys, the phone's state");
        screen.Fact("for", $"{scan.Needles} spellings of 2 texts and 2 numbers (E.164, digits, without country code; UTF-8, UTF-16, base64, hex, JSON)");
        if (scan.Findings.Count > 0)
        {
            throw new DemoException("found in clear: " + string.Join("; ", scan.Findings.Take(5)));
        }

        screen.Fact("found", "nothing");
    }

    /// <summary>The emulator writes its files every few seconds: only once the demo's own rows are there does a search mean anything.</summary>
    private async Task WaitForFlushAsync(string marker, CancellationToken cancellationToken)
    {
        string emulator = Path.Combine(folder.Path, "azurite");
        for (int i = 0; i < FlushAttempts; i++)
        {
            if (Directory.EnumerateFiles(emulator, "*", SearchOption.AllDirectories).Any(file => ClearTextScan.Contains(file, marker)))
            {
                // Its last writes may be one round behind the first.
                await Task.Delay(TimeSpan.FromSeconds(6), cancellationToken);
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        }

        throw new DemoException("the emulator did not write its files");
    }

    private async Task ListAsync(
        string name, AzureStorageConnection account, IEnumerable<string> tableNames, IEnumerable<string> queueNames, CancellationToken cancellationToken)
    {
        screen.Line($"{name}:");
        foreach (string table in tableNames)
        {
            await ListTableAsync(table, account, cancellationToken);
        }

        foreach (string queue in queueNames)
        {
            if (await account.Queues.CountAsync(queue, cancellationToken) is > 0 and int count)
            {
                screen.Line($"  queue {queue,-16} {count} messages");
            }
        }
    }

    private async Task ListTableAsync(string table, AzureStorageConnection account, CancellationToken cancellationToken)
    {
        int rows = 0;
        string? sample = null;
        await foreach (TableRow row in account.SurveyAsync(table, MaxRows, cancellationToken))
        {
            rows++;
            sample ??= $"{Screen.Short(row.PartitionKey, 60)} | {Screen.Short(row.RowKey, 60)} | {Describe(row)}";
        }

        if (rows > 0)
        {
            screen.Line($"  table {table,-14} {rows,4} rows, e.g. {sample}");
        }
    }

    private static string Describe(TableRow row) => string.Join(", ", row.Columns.Select(column => column.Value switch
    {
        byte[] { Length: 0 } => $"{column.Key}: erased",
        byte[] bytes => $"{column.Key}: {bytes.Length} bytes",
        _ => $"{column.Key}: {column.Value}",
    }));
}
