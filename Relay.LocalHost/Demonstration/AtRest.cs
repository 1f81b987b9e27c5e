using Relay.LocalHost.Running;
using Relay.Shared.Azure;
using Relay.Shared.Storage;

namespace Relay.LocalHost.Demonstration;

/// <summary>Lists what lies in both storage accounts and on disk, and searches all of it for what must not be there in clear.</summary>
internal sealed class AtRest(DataFolder folder, Screen screen)
{
    private const int FlushAttempts = 40;

    /// <param name="texts">What users and business wrote.</param>
    /// <param name="numbers">Who they are (E.164).</param>
    /// <param name="marker">What the emulator's files hold as soon as the demo's own rows are in them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task ShowAsync(IReadOnlyList<string> texts, IReadOnlyList<string> numbers, string marker, CancellationToken cancellationToken)
    {
        screen.Step("What lies at rest");
        await ListAsync("relay", folder.RelayAccount, TableNames.OfRelay, QueueNames.OfRelay, cancellationToken);
        await ListAsync("transport", folder.TransportAccount, TableNames.OfTransport, QueueNames.OfTransport, cancellationToken);
        await ShowSignalsAsync(cancellationToken);

        screen.Step("Every byte on disk is searched for the texts and the numbers");
        ClearTextScan scan = new([.. texts, .. numbers]);
        scan.ProveItself();
        await WaitForFlushAsync(marker, cancellationToken);
        (int files, long bytes) = scan.SearchFolder(folder.Path);
        screen.Fact("searched", $"{files} files, {bytes:N0} bytes: the emulator's tables and queues, the log at its most detailed level, keys, the phone's state");
        screen.Fact("for", $"{scan.Needles:N0} spellings of {texts.Count} texts and {numbers.Count} numbers (E.164, digits, without country code; UTF-8, UTF-16, base64, hex, JSON, a hash without a key)");
        DemoException.Unless(scan.Findings.Count == 0, "found in clear: " + string.Join("; ", scan.Findings.Take(5)));
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
        await foreach (TableRow row in account.SurveyAsync(table, int.MaxValue, cancellationToken))
        {
            rows++;
            sample ??= Describe(row);
        }

        if (rows > 0)
        {
            screen.Line($"  table {table,-14} {rows,5} rows, e.g. {sample}");
        }
    }

    /// <summary>All that the transport has of who was messaged and who complained: a row of each kind.</summary>
    private async Task ShowSignalsAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, (int Rows, string Sample)> kinds = [];
        await foreach (TableRow row in folder.TransportAccount.SurveyAsync(TableNames.Signals, int.MaxValue, cancellationToken))
        {
            string kind = row.PartitionKey.Length > 0 && char.IsAsciiLetterOrDigit(row.PartitionKey[0]) ? row.RowKey.Split('-')[0] : row.PartitionKey + row.RowKey.Split('-')[0];
            (int rows, string sample) = kinds.GetValueOrDefault(kind, (0, Describe(row)));
            kinds[kind] = (rows + 1, sample);
        }

        screen.Line($"transport, table {TableNames.Signals}: all that it counted, a row of each kind (a sketch holds 8 bytes for a user, under a key that is destroyed after two days):");
        foreach ((int rows, string sample) in kinds.Values)
        {
            screen.Line($"  {rows,3} like {sample}");
        }
    }

    private static string Describe(TableRow row) => $"{Screen.Short(row.PartitionKey, 60)} | {Screen.Short(row.RowKey, 60)} | " + string.Join(", ", row.Columns.Select(column => column.Value switch
    {
        byte[] { Length: 0 } => $"{column.Key}: erased",
        byte[] bytes => $"{column.Key}: {bytes.Length} bytes",
        _ => $"{column.Key}: {column.Value}".ReplaceLineEndings(" "),
    }));
}
