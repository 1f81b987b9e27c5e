using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Statistics;

/// <summary>
/// Table <c>releases</c>: PartitionKey <c>weekly</c>, RowKey the week, column <c>cells</c>. Inserted once and never changed: whoever loses the insert throws its noise away
/// unseen, so that no cell is ever published twice with different noise.
/// </summary>
public sealed partial class ReleaseStore(TransportStorage storage)
{
    /// <summary>What a reader gets at most, newest last.</summary>
    internal const int MaxWeeks = 60;

    private const string Partition = "weekly";
    private const string CellsColumn = "cells";

    internal async Task<bool> ExistsAsync(Week week, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.Releases, Partition, week.Key, cancellationToken) is not null;

    /// <summary>False when the week was published before; then nothing was written.</summary>
    internal async Task<bool> TryAddAsync(Week week, IReadOnlyList<ReleasedCell> cells, CancellationToken cancellationToken)
    {
        string json = JsonSerializer.Serialize(cells, ReleaseJson.Default.IReadOnlyListReleasedCell);
        TableWrite insert = TableWrite.Insert(week.Key, new Dictionary<string, object> { [CellsColumn] = json });
        return (await storage.Tables.CommitAsync(TableNames.Releases, Partition, [insert], cancellationToken)).IsSaved;
    }

    /// <summary>Weeks from one on, oldest first.</summary>
    internal async Task<IReadOnlyList<(string Week, IReadOnlyList<ReleasedCell> Cells)>> ListAsync(Week from, CancellationToken cancellationToken)
    {
        List<(string, IReadOnlyList<ReleasedCell>)> weeks = [];
        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.Releases, new TableRange(Partition, from.Key, null, MaxWeeks), cancellationToken))
        {
            weeks.Add((row.RowKey, JsonSerializer.Deserialize(row.Get<string>(CellsColumn), ReleaseJson.Default.IReadOnlyListReleasedCell) ?? []));
        }

        return weeks;
    }

    /// <summary>Deletes what was published before a week.</summary>
    internal Task DeleteBeforeAsync(Week week, CancellationToken cancellationToken) =>
        storage.Tables.DeleteAsync(TableNames.Releases, new TableRange(Partition, null, week.Key, int.MaxValue), static _ => true, MaxWeeks, cancellationToken);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(IReadOnlyList<ReleasedCell>))]
    internal sealed partial class ReleaseJson : JsonSerializerContext;
}
