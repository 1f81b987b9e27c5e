namespace Relay.Shared.Telemetry;

/// <summary>What a storage service can be asked for, by the names that counts have for it.</summary>
internal static class StorageOperations
{
    internal static readonly IReadOnlyList<string> All =
    [
        "table:transaction", "table:create", "table:insert", "table:query", "table:get", "table:replace", "table:merge", "table:delete", "table:other",
        "queue:put", "queue:get", "queue:update", "queue:delete", "queue:other",
        "blob:put", "blob:get", "blob:delete", "blob:other",
    ];
}
