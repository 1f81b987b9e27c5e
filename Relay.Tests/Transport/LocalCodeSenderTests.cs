using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Registrations;
using Xunit;

namespace Relay.Tests.Transport;

public sealed class LocalCodeSenderTests
{
    [Fact]
    public async Task Codes_that_are_sent_at_once_are_written_one_after_the_other()
    {
        OneAtATime writer = new();
        LocalCodeSender sender = new(writer, directory: null);
        Assert.True(PhoneNumber.TryParse("+4915112345678", out PhoneNumber? number));
        await Parallel.ForAsync(0, 400, async (i, token) => await sender.SendAsync(number!, $"{i}", new Secret("123456"), token));
        Assert.Equal((400, 0), (writer.Lines, writer.Overlaps));
    }

    /// <summary>Counts who writes while somebody else does.</summary>
    private sealed class OneAtATime : TextWriter
    {
        private int _inside;

        public int Lines { get; private set; }

        public int Overlaps { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(ReadOnlySpan<char> buffer) => Enter();

        public override Task WriteLineAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
        {
            Enter();
            return Task.CompletedTask;
        }

        private void Enter()
        {
            Overlaps += Interlocked.Increment(ref _inside) == 1 ? 0 : 1;
            Lines++;
            Thread.SpinWait(200);
            Interlocked.Decrement(ref _inside);
        }
    }
}
