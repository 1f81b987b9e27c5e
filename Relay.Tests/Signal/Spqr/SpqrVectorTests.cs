using System.Security.Cryptography;
using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Spqr;
using Relay.Shared.Signal.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal.Spqr;

/// <summary>Known values, and a conversation of 480 steps recorded with another implementation, field 5 of each message alone.</summary>
public sealed class SpqrVectorTests
{
    [Fact]
    public void The_first_messages_and_their_keys_are_the_known_ones()
    {
        JsonElement steps = VectorFile.Read("kat-v4-steps.json");
        JsonElement known = steps.GetProperty("spqr");
        using SpqrState alice = SpqrState.Start(isInitiator: true, steps.Hex("pqrKey"));
        using SpqrState bob = SpqrState.Start(isInitiator: false, steps.Hex("pqrKey"));
        byte[] key = new byte[32];

        Assert.Equal(64, alice.DrawBytes);
        byte[] first = alice.Send([.. SHA256.HashData("braid d"u8), .. SHA256.HashData("braid z"u8)], key);
        Assert.Equal(known.Hex("aliceMessage0"), first);
        Assert.Equal(known.Hex("aliceKey0"), key);
        Assert.Equal(SpqrOutcome.Success, bob.Receive(first, key));
        Assert.Equal(known.Hex("aliceKey0"), key);

        byte[] answer = bob.Send(key);
        Assert.Equal(known.Hex("bobMessage0"), answer);
        Assert.Equal(known.Hex("bobKey0"), key);
        Assert.Equal(SpqrOutcome.Success, alice.Receive(answer, key));
        Assert.Equal(known.Hex("bobKey0"), key);
    }

    [Fact]
    public void A_recorded_conversation_replays_byte_for_byte()
    {
        JsonElement transcript = VectorFile.Read("v4-spqr-responder-client0.103.0.json");
        JsonElement[] steps = [.. transcript.GetProperty("steps").EnumerateArray()];
        SpqrState state = SpqrState.Start(isInitiator: false, PqrKey(steps));
        byte[] key = new byte[32];
        for (int i = 2; i < steps.Length; i++)
        {
            byte[] field = Field(steps[i].Hex("message"), steps[i].Text("type") == "prekey");
            if (steps[i].Text("op") == "encrypt")
            {
                Assert.Equal((i, Convert.ToHexStringLower(field)), (i, Convert.ToHexStringLower(state.Send(Draws(steps[i]), key))));
            }
            else
            {
                Assert.Equal((i, SpqrOutcome.Success), (i, state.Receive(field, key)));
                Assert.True(SpqrMessage.TryParse(field, out SpqrMessage message));
                Assert.Equal(field, message.ToBytes());
            }

            state = SpqrPair.Reread(state);
        }

        Assert.Equal(480, steps.Length);
        Assert.Equal(transcript.Number("finalSpqrEpoch"), state.Epoch);
        Assert.Equal(transcript.Text("finalSpqrState"), state.Braid.State.ToString());
    }

    // The post-quantum handshake, as far as it's needed: the last 32 of its 96 bytes.
    private static byte[] PqrKey(JsonElement[] steps)
    {
        byte[][] draws = [.. steps[1].GetProperty("draws").EnumerateArray().Select(draw => draw.Hex("hex"))];
        using KeyPair identity = KeyPair.FromDraw(steps[0].GetProperty("draws")[0].Hex("hex"));
        using KeyPair signed = KeyPair.FromDraw(draws[0]);
        using KeyPair oneTime = KeyPair.FromDraw(draws[2]);
        using KyberKeyPair kyber = KyberKeyPair.FromDraws(draws[3], draws[4]);
        Dictionary<int, byte[]> fields = Fields(steps[2].Hex("message").AsSpan(1));
        byte[] secret = new byte[32];
        Assert.True(kyber.TryDecapsulate(fields[8], secret));

        byte[] input =
        [
            .. Enumerable.Repeat((byte)0xFF, 32), .. Agree(signed, fields[3]), .. Agree(identity, fields[2]),
            .. Agree(signed, fields[2]), .. Agree(oneTime, fields[2]), .. secret,
        ];
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 96, null, "WhisperText_X25519_SHA-256_CRYSTALS-KYBER-1024"u8.ToArray())[64..];
    }

    private static byte[] Agree(KeyPair ours, byte[] theirs)
    {
        byte[] shared = new byte[32];
        Assert.True(PublicKey.TryParse(theirs, out PublicKey? key));
        Assert.True(Curve25519.TryAgree(ours, key, shared));
        return shared;
    }

    private static byte[] Draws(JsonElement step) =>
        [.. step.GetProperty("draws").EnumerateArray().Where(draw => draw.Text("use").StartsWith("mlkem", StringComparison.Ordinal)).SelectMany(draw => draw.Hex("hex"))];

    private static byte[] Field(byte[] message, bool isPreKey)
    {
        ReadOnlySpan<byte> inner = isPreKey ? Fields(message.AsSpan(1))[4] : message;
        return Fields(inner[1..^8])[5];
    }

    private static Dictionary<int, byte[]> Fields(ReadOnlySpan<byte> bytes)
    {
        var fields = new Dictionary<int, byte[]>();
        var reader = new ProtoReader(bytes, 15, ascending: false);
        while (reader.Next())
        {
            if (reader.IsBytes)
            {
                fields[reader.Field] = bytes[reader.Content].ToArray();
            }
        }

        return fields;
    }
}
