using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Benchmarks.Stage;

/// <summary>A PDF of any size, so far as its first bytes go, that is nowhere as a whole.</summary>
internal sealed class GeneratedFile(long size) : ForwardStream
{
    private static readonly byte[] s_head = Encoding.ASCII.GetBytes("%PDF-1.7\n");

    private long _at;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int count = (int)Math.Min(buffer.Length, size - _at);
        Span<byte> bytes = buffer.Span[..count];
        for (int i = 0; i < bytes.Length; i++, _at++)
        {
            bytes[i] = _at < s_head.Length ? s_head[_at] : (byte)(_at % 251);
        }

        return ValueTask.FromResult(count);
    }
}
