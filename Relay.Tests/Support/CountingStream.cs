namespace Relay.Tests.Support;

/// <summary>A request body that counts what is read of it, or breaks.</summary>
internal sealed class CountingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    public int Count { get; private set; }

    public Exception? Fault { get; init; }

    public Action? OnRead { get; init; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Fault is not null)
        {
            throw Fault;
        }

        OnRead?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        int count = await base.ReadAsync(buffer, cancellationToken);
        Count += count;
        return count;
    }
}
