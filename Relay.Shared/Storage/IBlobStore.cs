namespace Relay.Shared.Storage;

/// <summary>
/// Files too large for a table, with Azure Blob Storage's guarantees and no others: a blob is there whole or not at all, is never changed once it is there, and a read after
/// that sees it. Nothing here holds more of a blob in memory than one block. A fault is an exception, and then the write may have happened.
/// </summary>
public interface IBlobStore
{
    /// <summary>
    /// Writes a blob of 1 or more blocks, each of 1 to <see cref="BlobLimits.MaxBlockBytes"/> bytes that need to last until the next is asked for. Where one of that name is there already, it
    /// stays: false. Where the blocks end with an exception, or the caller dies, there is none.
    /// </summary>
    Task<bool> PutAsync(string container, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken);

    /// <summary>Reads from <paramref name="offset"/>, fewer bytes than asked for only at the end of the blob. Null when there is no such blob.</summary>
    Task<int?> ReadAsync(string container, string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Deletes a blob; that it isn't there is no error.</summary>
    Task DeleteAsync(string container, string name, CancellationToken cancellationToken);

    /// <summary>The names that start with <paramref name="prefix"/> (not empty), in ordinal order, at most <paramref name="limit"/> (1 to <see cref="BlobLimits.MaxListed"/>).</summary>
    Task<IReadOnlyList<string>> ListAsync(string container, string prefix, int limit, CancellationToken cancellationToken);

    /// <summary>Creates the containers that don't exist. Called once at start-up by the local host, never on a request.</summary>
    Task EnsureContainersAsync(IReadOnlyCollection<string> containers, CancellationToken cancellationToken);
}
