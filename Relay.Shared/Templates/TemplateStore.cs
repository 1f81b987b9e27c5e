using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Templates;

/// <summary>How the addition of a template ended.</summary>
internal enum TemplateAddition
{
    Added,

    /// <summary>There is one of that name and language.</summary>
    Exists,

    /// <summary>The business has as many as it may.</summary>
    Full,

    /// <summary>Others changed the business's templates all the while.</summary>
    Busy,
}

/// <summary>
/// Table <c>templates</c>: PartitionKey the business, RowKey the template's id; what it says is sealed under the business's long-lived key.
/// Row <c>count</c> counts them, in the transaction that adds or deletes: never more than <see cref="TemplateLimits.Templates"/>.
/// </summary>
public sealed partial class TemplateStore(ITableStore tables, Sealer sealer)
{
    private const string SealedColumn = "sealed";
    private const string VersionColumn = "version";
    private const string CountRow = "count";
    private const string CountColumn = "templates";
    private const string AfterIds = ":";
    private const int Attempts = 8;

    internal async Task<TemplateAddition> AddAsync(BusinessId business, StoredTemplate template, CancellationToken cancellationToken)
    {
        TableWrite insert = TableWrite.Insert(template.Id, await ColumnsAsync(business, template, cancellationToken));
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            TableRow? count = await CountAsync(business, cancellationToken);
            int templates = count?.Get(CountColumn, 0) ?? 0;
            if (templates >= TemplateLimits.Templates)
            {
                return TemplateAddition.Full;
            }

            CommitResult result = await tables.CommitAsync(TableNames.Templates, business.Value, [insert, Counted(count, templates + 1)], cancellationToken);
            if (result.IsSaved)
            {
                return TemplateAddition.Added;
            }

            if (result.FailedRowKey == template.Id)
            {
                return TemplateAddition.Exists;
            }
        }

        return TemplateAddition.Busy;
    }

    /// <summary>False when it isn't the stored one any more.</summary>
    internal async Task<bool> ReplaceAsync(BusinessId business, StoredTemplate old, TemplateDefinition definition, CancellationToken cancellationToken)
    {
        StoredTemplate next = old with { Definition = definition, Version = old.Version + 1 };
        TableWrite write = TableWrite.Replace(old.Id, old.ETag, await ColumnsAsync(business, next, cancellationToken));
        return (await tables.CommitAsync(TableNames.Templates, business.Value, [write], cancellationToken)).IsSaved;
    }

    /// <summary>Deletes at most <see cref="MaxDeletions"/> at once, all or none; false when one of them changed meanwhile.</summary>
    internal async Task<bool> DeleteAsync(BusinessId business, IReadOnlyCollection<StoredTemplate> templates, CancellationToken cancellationToken)
    {
        TableRow? count = await CountAsync(business, cancellationToken);
        int left = Math.Max(0, (count?.Get(CountColumn, 0) ?? 0) - templates.Count);
        IEnumerable<TableWrite> writes = templates.Select(template => TableWrite.Delete(template.Id, template.ETag)).Append(Counted(count, left));
        return (await tables.CommitAsync(TableNames.Templates, business.Value, [.. writes], cancellationToken)).IsSaved;
    }

    internal const int MaxDeletions = TableLimits.MaxWritesPerCommit - 1;

    internal async Task<StoredTemplate?> FindAsync(BusinessId business, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Templates, business.Value, id, cancellationToken) is { } row ? await ReadAsync(business, row, cancellationToken) : null;

    /// <summary>Those whose ids start so, in the order of their ids; all for an empty start.</summary>
    /// <param name="business">Whose.</param>
    /// <param name="start">Digits.</param>
    /// <param name="after">Only ids beyond this one; empty for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async IAsyncEnumerable<StoredTemplate> ListAsync(
        BusinessId business, string start, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string from = string.CompareOrdinal(after, start) >= 0 ? after + "!" : start;
        TableRange range = new(business.Value, from, start + AfterIds, TemplateLimits.Templates + MaxDeletions);
        await foreach (TableRow row in tables.QueryAsync(TableNames.Templates, range, cancellationToken))
        {
            yield return await ReadAsync(business, row, cancellationToken);
        }
    }

    private Task<TableRow?> CountAsync(BusinessId business, CancellationToken cancellationToken) =>
        tables.GetAsync(TableNames.Templates, business.Value, CountRow, cancellationToken);

    private static TableWrite Counted(TableRow? count, int templates)
    {
        Dictionary<string, object> columns = new() { [CountColumn] = templates };
        return count is null ? TableWrite.Insert(CountRow, columns) : TableWrite.Replace(CountRow, count.ETag, columns);
    }

    private async Task<Dictionary<string, object>> ColumnsAsync(BusinessId business, StoredTemplate template, CancellationToken cancellationToken)
    {
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(template.Definition, TemplateStoreJson.Default.TemplateDefinition);
        byte[] blob = await sealer.SealLongLivedAsync(business.Value, Place(business, template.Id, template.Version), plain, cancellationToken);
        return new Dictionary<string, object> { [SealedColumn] = blob, [VersionColumn] = template.Version };
    }

    private async Task<StoredTemplate> ReadAsync(BusinessId business, TableRow row, CancellationToken cancellationToken)
    {
        long version = row.Get<long>(VersionColumn);
        byte[] plain = await sealer.OpenAsync(business.Value, Place(business, row.RowKey, version), row.Get<byte[]>(SealedColumn), cancellationToken)
            ?? throw new SealBrokenException();
        TemplateDefinition definition = JsonSerializer.Deserialize(plain, TemplateStoreJson.Default.TemplateDefinition) ?? throw new SealBrokenException();
        return new StoredTemplate(row.RowKey, definition, version, row.ETag);
    }

    /// <summary>How large a template is where it is stored.</summary>
    internal static int Size(TemplateDefinition definition) => JsonSerializer.SerializeToUtf8Bytes(definition, TemplateStoreJson.Default.TemplateDefinition).Length;

    private static SealedPlace Place(BusinessId business, string id, long version) => new(TableNames.Templates, business.Value, id, SealedColumn, version);

    [JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(TemplateDefinition))]
    private sealed partial class TemplateStoreJson : JsonSerializerContext;
}
