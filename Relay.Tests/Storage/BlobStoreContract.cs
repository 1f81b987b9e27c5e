using System.Security.Cryptography;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Storage;

/// <summary>The promises of <see cref="IBlobStore"/>; every tier keeps all of them.</summary>
public abstract class BlobStoreContract : IAsyncLifetime
{
    private const string Name = "20261126/1/a";

    private static readonly CancellationToken None = CancellationToken.None;

    private IBlobStore? _store;

    protected string Container { get; } = "c" + Guid.NewGuid().ToString("N");

    private IBlobStore Store => _store ?? throw new InvalidOperationException("Not opened.");

    public async Task InitializeAsync()
    {
        _store = await OpenAsync();
        await _store.EnsureContainersAsync([Container], None);
    }

    public virtual Task DisposeAsync() => Task.CompletedTask;

    protected abstract Task<IBlobStore> OpenAsync();

    [StorageFact]
    public async Task What_was_written_in_blocks_is_read_from_anywhere()
    {
        byte[][] blocks = [RandomNumberGenerator.GetBytes(70_000), RandomNumberGenerator.GetBytes(1), RandomNumberGenerator.GetBytes(5_000)];
        byte[] all = [.. blocks.SelectMany(block => block)];
        Assert.True(await PutAsync(Name, blocks));
        foreach ((int offset, int length) in new[] { (0, all.Length), (0, 1), (69_999, 3), (70_001, 100), (75_000, 1), (0, all.Length + 10) })
        {
            byte[] buffer = new byte[length];
            int? read = await Store.ReadAsync(Container, Name, offset, buffer, None);
            Assert.Equal(Math.Min(length, all.Length - offset), read);
            Assert.Equal(all[offset..(offset + read!.Value)], buffer[..read.Value]);
        }
    }

    [StorageFact]
    public async Task Behind_the_end_there_is_nothing()
    {
        await PutAsync(Name, [[1, 2, 3]]);
        Assert.Equal(0, await Store.ReadAsync(Container, Name, 3, new byte[10], None));
        Assert.Equal(0, await Store.ReadAsync(Container, Name, 30, new byte[10], None));
    }

    [StorageFact]
    public async Task What_is_not_there_is_null_and_may_be_deleted()
    {
        Assert.Null(await Store.ReadAsync(Container, Name, 0, new byte[1], None));
        await Store.DeleteAsync(Container, Name, None);
        await PutAsync(Name, [[1]]);
        await Store.DeleteAsync(Container, Name, None);
        Assert.Null(await Store.ReadAsync(Container, Name, 0, new byte[1], None));
    }

    [StorageFact]
    public async Task A_blob_that_is_there_stays_as_it_is()
    {
        Assert.True(await PutAsync(Name, [[1, 1]]));
        Assert.False(await PutAsync(Name, [[2, 2]]));
        byte[] read = new byte[2];
        await Store.ReadAsync(Container, Name, 0, read, None);
        Assert.Equal([1, 1], read);
    }

    [StorageFact]
    public async Task Of_many_writers_of_one_name_one_wins_and_the_blob_is_whole()
    {
        bool[] results = await Task.WhenAll(Enumerable.Range(1, 8).Select(writer =>
            PutAsync(Name, [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Repeat((byte)writer, 1_000).ToArray())])));
        Assert.Equal(1, results.Count(won => won));
        byte[] read = new byte[5_000];
        Assert.Equal(4_000, await Store.ReadAsync(Container, Name, 0, read, None));
        Assert.Single(read[..4_000].Distinct());
    }

    [StorageFact]
    public async Task A_write_that_ends_early_leaves_nothing()
    {
        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Broken()
        {
            yield return new byte[] { 1, 2, 3 };
            await Task.Yield();
            throw new InvalidDataException("The source broke off.");
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => Store.PutAsync(Container, Name, Broken(), None));
        Assert.Null(await Store.ReadAsync(Container, Name, 0, new byte[1], None));
        Assert.Empty(await Store.ListAsync(Container, "20261126/", 10, None));
        Assert.True(await PutAsync(Name, [[4]]));
    }

    [StorageFact]
    public async Task Names_are_listed_by_their_beginning_in_order_and_within_the_limit()
    {
        foreach (string name in (string[])["20261126/2/b", "20261126/1/a", "20261127/1/c", "20261126/10/d"])
        {
            await PutAsync(name, [[1]]);
        }

        Assert.Equal(["20261126/1/a", "20261126/10/d", "20261126/2/b"], await Store.ListAsync(Container, "20261126/", 10, None));
        Assert.Equal(["20261126/1/a", "20261126/10/d"], await Store.ListAsync(Container, "20261126/", 2, None));
        Assert.Equal(["20261126/1/a"], await Store.ListAsync(Container, "20261126/1/", 10, None));
        Assert.Empty(await Store.ListAsync(Container, "20261128/", 10, None));
    }

    [StorageFact]
    public async Task What_the_service_would_refuse_is_refused_here()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync("UPPER", [[1]]));
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync("a/", [[1]]));
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync("../a", [[1]]));
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync(Name, [[]]));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => PutAsync(Name, []));
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync(Name, [new byte[BlobLimits.MaxBlockBytes + 1]]));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ListAsync(Container, "a", 0, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ListAsync(Container, "", 1, None));
    }

    [StorageFact]
    public async Task A_container_that_is_not_there_is_a_fault()
    {
        await Assert.ThrowsAsync<StorageFaultException>(() => Store.PutAsync("no-such-container", Name, Blocks([[1]]), None));
        await Assert.ThrowsAsync<StorageFaultException>(() => Store.ReadAsync("no-such-container", Name, 0, new byte[1], None));
        await Assert.ThrowsAsync<StorageFaultException>(() => Store.ListAsync("no-such-container", "a", 1, None));
    }

    private Task<bool> PutAsync(string name, byte[][] blocks) => Store.PutAsync(Container, name, Blocks(blocks), None);

    /// <summary>In one buffer, as the port allows.</summary>
    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Blocks(byte[][] blocks)
    {
        byte[] buffer = new byte[blocks.Length == 0 ? 0 : blocks.Max(block => block.Length)];
        foreach (byte[] block in blocks)
        {
            block.CopyTo(buffer, 0);
            await Task.Yield();
            yield return buffer.AsMemory(0, block.Length);
        }
    }
}
