using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Spqr;
using Relay.Shared.Signal.Wire;
using Relay.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Relay.Tests.Signal;

/// <summary>A million structured random inputs for each parser: none throws, and none makes it allocate more than its input warrants.</summary>
public sealed class ParserFuzzTests(ITestOutputHelper output)
{
    private const int Inputs = 1_000_000;
    private const ulong Seed = 31337;
    private const long MaxAllocated = 64 * 1024;

    private delegate bool Parser(ReadOnlyMemory<byte> input);

    [Fact]
    public void Ordinary_messages() => Fuzz(
        bytes => SignalMessage.Parse(bytes, out _) == SessionOutcome.Success,
        [.. Messages().Where(message => message.Kind == SignalMessageKind.Message).Select(message => message.Bytes)]);

    [Fact]
    public void First_messages() => Fuzz(
        bytes => PreKeySignalMessage.TryParse(bytes, out _),
        [.. Messages().Where(message => message.Kind == SignalMessageKind.PreKey).Select(message => message.Bytes)]);

    [Fact]
    public void Pieces_of_spqr() => Fuzz(
        bytes => SpqrMessage.TryParse(bytes.Span, out _),
        [.. Messages().Select(Forgery.Inner).Where(message => message.HasPqRatchet).Select(message => (message.PqRatchet ?? default).ToArray())]);

    [Fact]
    public void Public_keys() => Fuzz(bytes => PublicKey.TryParse(bytes.Span, out _), [Identity()]);

    [Fact]
    public void Kyber_public_keys()
    {
        using var pair = KyberKeyPair.Generate();
        Fuzz(bytes => KyberPublicKey.TryParse(bytes.Span, out _), [pair.PublicKey.ToBytes()]);
    }

    [Theory]
    [InlineData(SessionProtocols.X3dh)]
    [InlineData(SessionProtocols.Pqxdh)]
    [InlineData(SessionProtocols.PqxdhSpqr)]
    public void Records(SessionProtocols protocol) => Fuzz(
        bytes =>
        {
            bool good = SessionRecord.TryParse(bytes.Span, out SessionRecord? record);
            record?.Dispose();
            return good;
        },
        RecordsOf(protocol));

    private static IEnumerable<SignalCiphertext> Messages()
    {
        foreach (SessionProtocols protocol in new[] { SessionProtocols.X3dh, SessionProtocols.Pqxdh, SessionProtocols.PqxdhSpqr })
        {
            (Party alice, Party bob) = Party.Pair(protocol);
            alice.Options = new SessionOptions { Local = SignalAddress.Aci(Guid.NewGuid(), 1), Remote = SignalAddress.Aci(Guid.NewGuid(), 2) };
            bob.Options = new SessionOptions { Local = alice.Options.Remote, Remote = alice.Options.Local };
            alice.Initiate(bob.Publish());
            SignalCiphertext first = alice.Write("x");
            yield return first;
            Assert.Equal("x", bob.ReadText(first));
            yield return bob.Write("y");
        }
    }

    private static byte[][] RecordsOf(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        byte[] pending = alice.Stored ?? [];
        _ = alice.Write("lost");
        Assert.Equal("x", bob.ReadText(alice.Write("x")));
        return [pending, bob.Stored ?? []];
    }

    private static byte[] Identity()
    {
        using var identity = IdentityKeyPair.Generate();
        return identity.PublicKey.ToBytes();
    }

    private void Fuzz(Parser parse, byte[][] templates)
    {
        var random = new SeededRandom(Seed);
        byte[][] buffers = [.. templates.Select(template => new byte[template.Length + 16])];
        (int parsed, long most) = (0, 0);
        for (int i = 0; i < Inputs; i++)
        {
            int which = i % templates.Length;
            int length = Mutate(random, templates[which], buffers[which]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            parsed += parse(buffers[which].AsMemory(0, length)) ? 1 : 0;
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        output.WriteLine($"seed {Seed}: {parsed} of {Inputs} parsed, at most {most} bytes allocated for one");
        Assert.InRange(parsed, 1, Inputs - 1);
        Assert.InRange(most, 0, MaxAllocated);
    }

    // One to three changes in the structure: bits, bytes of meaning to the grammar, bytes put in or left out, the end cut or grown.
    private static int Mutate(SeededRandom random, byte[] template, byte[] buffer)
    {
        int length = template.Length;
        template.CopyTo(buffer, 0);
        ulong draw = random.Next();
        for (int changes = 1 + (int)(draw % 3); changes > 0; changes--)
        {
            draw = random.Next();
            // Half of the changes are near the front, where the structure is.
            int at = (int)((draw >> 8) % (ulong)((draw & 0x80) == 0 ? Math.Min(length, 64) : length));
            byte value = (byte)((draw >> 40) & 0xFF);
            switch (draw & 7)
            {
                case 0:
                    buffer[at] ^= (byte)(1 << (value & 7));
                    break;
                case 1:
                    buffer[at] = value;
                    break;
                case 2:
                    buffer[at] = (value & 3) switch { 0 => 0xFF, 1 => 0x80, 2 => 0x7F, _ => 0 };
                    break;
                case 3 when length < buffer.Length:
                    buffer.AsSpan(at, length - at).CopyTo(buffer.AsSpan(at + 1));
                    buffer[at] = value;
                    length++;
                    break;
                case 4 when length > 1:
                    buffer.AsSpan(at + 1, length - at - 1).CopyTo(buffer.AsSpan(at));
                    length--;
                    break;
                case 5:
                    length = Math.Max(1, at);
                    break;
                case 6 when length < buffer.Length:
                    buffer[length] = value;
                    length++;
                    break;
                default:
                    buffer[^1] = value;
                    break;
            }
        }

        return length;
    }
}
