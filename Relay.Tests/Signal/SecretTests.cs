using System.Runtime.CompilerServices;
using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Xunit;

namespace Relay.Tests.Signal;

public sealed class SecretTests
{
    [Fact]
    public void Secrets_print_redacted_and_never_become_json()
    {
        using var identity = IdentityKeyPair.Generate();
        using var pair = KeyPair.Generate();
        using var signed = SignedPreKeyPair.Generate(identity, 1);
        using var oneTime = PreKeyPair.Generate(1);
        using var kyber = KyberPreKeyPair.Generate(identity, 1);
        using var draws = InitiatorDraws.Draw();
        (Party alice, _) = Party.Acquainted(SessionProtocols.PqxdhSpqr);
        using SessionRecord record = Party.Parse(alice.Stored ?? []);

        foreach (object secret in new object[] { identity, pair, signed, oneTime, kyber, kyber.KeyPair, record })
        {
            Assert.Equal("[redacted]", secret.ToString());
            Assert.Throws<JsonException>(() => JsonSerializer.Serialize(secret, secret.GetType()));
        }

        Assert.Equal("[redacted]", new ResponderPreKeys(signed, oneTime, kyber).ToString());
        Assert.Equal("{}", JsonSerializer.Serialize(new ResponderPreKeys(signed, oneTime, kyber)));
        Assert.Equal("[redacted]", draws.ToString());
        Assert.Equal("[redacted]", record.Current.PostQuantum?.ToString());
        Assert.Equal("[redacted]", record.Current.ToString());
        Assert.Equal("[redacted]", record.Current.Root.ToString());
        Assert.Equal("[redacted]", record.Current.Sending.ToString());
        Assert.Equal("[redacted]", record.Current.Receiving[0].ToString());
        Assert.Equal("[redacted]", record.Current.Receiving[0].Skipped.ToString());
    }

    [Fact]
    public void No_secret_type_is_a_record()
    {
        Type[] disposable = [.. typeof(KeyPair).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith(typeof(KeyPair).Namespace ?? "", StringComparison.Ordinal) == true && typeof(IDisposable).IsAssignableFrom(type))];
        Assert.Contains(typeof(KeyPair), disposable);
        foreach (Type type in disposable)
        {
            Assert.True(type.IsSealed, type.Name);
            Assert.True(type.GetMethod("<Clone>$") is null, type.Name);
            Assert.Equal(type, type.GetMethod(nameof(ToString), Type.EmptyTypes)?.DeclaringType);
        }
    }

    [Fact]
    public void A_disposed_key_is_wiped_and_of_no_more_use()
    {
        var pair = KeyPair.Generate();
        ReadOnlySpan<byte> inside = pair.PrivateKey;
        pair.Dispose();
        pair.Dispose();

        Assert.False(inside.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => pair.ExportPrivate(new byte[32]));
        Assert.Throws<ObjectDisposedException>(() => XEdDsa.Sign(pair, [1]));
    }

    [Fact]
    public void A_disposed_kyber_pair_is_wiped()
    {
        var pair = KyberKeyPair.Generate();
        byte[] inside = SeedOf(pair) ?? [];
        Assert.True(inside.AsSpan().ContainsAnyExcept((byte)0));
        pair.Dispose();
        Assert.Equal(new byte[64], inside);
    }

    [Fact]
    public void A_disposed_session_is_wiped()
    {
        (_, Party bob) = Party.Acquainted(SessionProtocols.PqxdhSpqr);
        using SessionRecord record = Party.Parse(bob.Stored ?? []);
        SessionState state = record.Current.Clone();
        ReadOnlySpan<byte> ratchet = state.SendingRatchet.PrivateKey;
        state.Receiving[0].Skipped.Add(7).Fill(7);
        ReadOnlySpan<byte> seeds = state.Receiving[0].Skipped.Seeds;
        state.Dispose();

        Assert.False(state.Root.Key.ContainsAnyExcept((byte)0));
        Assert.False(state.Sending.Key.ContainsAnyExcept((byte)0));
        Assert.False(ratchet.ContainsAnyExcept((byte)0));
        Assert.False(state.Receiving[0].Chain.Key.ContainsAnyExcept((byte)0));
        Assert.False(seeds.ContainsAnyExcept((byte)0));
        Assert.False(state.PostQuantum?.Chain.Root.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void The_keys_of_a_turn_that_is_over_are_wiped()
    {
        (_, Party bob) = Party.Acquainted();
        using SessionRecord record = Party.Parse(bob.Stored ?? []);
        SessionState state = record.Current.Clone();
        ReadOnlySpan<byte> ratchet = state.SendingRatchet.PrivateKey;
        ReadOnlySpan<byte> chain = state.Sending.Key;
        state.ReplaceSending(KeyPair.Generate(), new ChainKey(new byte[32], 0));
        Assert.False(ratchet.ContainsAnyExcept((byte)0));
        Assert.False(chain.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void A_skipped_key_is_wiped_where_it_was_once_it_is_taken_or_dropped()
    {
        using var skipped = new SkippedKeys();
        for (byte i = 1; i <= 3; i++)
        {
            skipped.Add(i).Fill(i);
        }

        ReadOnlySpan<byte> seeds = skipped.Seeds;
        Assert.True(skipped.TryTake(1, new byte[32]));
        Assert.False(seeds[64..].ContainsAnyExcept((byte)0));
        Assert.False(seeds[..64].Contains((byte)1));
        skipped.DropOldest(1);
        Assert.False(seeds[32..].ContainsAnyExcept((byte)0));
        Assert.False(seeds.Contains((byte)2));
    }

    [Fact]
    public void A_disposed_record_refuses_to_encrypt_with_its_wiped_keys()
    {
        (Party alice, Party bob) = Party.Acquainted();
        SessionRecord record = Party.Parse(alice.Stored ?? []);
        SignalCiphertext message = bob.Write("late");
        record.Dispose();

        Assert.Throws<ObjectDisposedException>(() => SessionCipher.Encrypt(record, alice.Identity, "x"u8));
        Assert.Throws<ObjectDisposedException>(() => SessionCipher.Decrypt(record, alice.Identity, 1, message, null));
        Assert.Throws<ObjectDisposedException>(record.Serialize);
    }

    [Fact]
    public void The_next_record_shares_no_key_with_the_one_before()
    {
        (Party alice, Party bob) = Party.Acquainted();
        SessionRecord record = Party.Parse(alice.Stored ?? []);
        (SignalCiphertext first, SessionRecord next) = SessionCipher.Encrypt(record, alice.Identity, "one"u8);
        byte[] before = next.Serialize();
        record.Dispose();

        Assert.Equal(before, next.Serialize());
        Assert.Equal("one", bob.ReadText(first));
        Assert.Equal("two", bob.ReadText(SessionCipher.Encrypt(next, alice.Identity, "two"u8).Message));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(0xFF_FFFFu)]
    public void Key_ids_that_peers_cannot_carry_are_never_issued(uint id)
    {
        using var identity = IdentityKeyPair.Generate();
        Assert.Throws<ArgumentOutOfRangeException>(() => PreKeyPair.Generate(id));
        Assert.Throws<ArgumentOutOfRangeException>(() => SignedPreKeyPair.Generate(identity, id));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void A_private_key_has_32_bytes(int length) => Assert.Throws<ArgumentException>(() => KeyPair.Import(new byte[length]));

    [Fact]
    public void An_identity_survives_export_and_import()
    {
        using var identity = IdentityKeyPair.Generate();
        byte[] exported = new byte[32];
        identity.ExportPrivate(exported);
        using var again = IdentityKeyPair.Import(exported);

        Assert.Equal(identity.PublicKey, again.PublicKey);
        Assert.True(XEdDsa.Verify(identity.PublicKey, [1, 2, 3], again.Sign([1, 2, 3])));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_seed")]
    private static extern ref byte[]? SeedOf(KyberKeyPair pair);
}
