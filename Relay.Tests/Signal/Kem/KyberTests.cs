using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal.Kem;

/// <summary>Kyber-1024 as sessions of version 4 use it (spec/signal.md §4).</summary>
public sealed class KyberTests
{
    private static readonly JsonElement Known = VectorFile.Read("kat-v4-steps.json").GetProperty("kyber");

    [Fact]
    public void The_known_draws_give_the_known_key_ciphertext_and_secret()
    {
        using KyberKeyPair pair = KyberKeyPair.FromDraws(Known.Hex("d"), Known.Hex("z"));
        byte[] secret = new byte[32];
        byte[] received = new byte[32];
        byte[] ciphertext = pair.PublicKey.Encapsulate(Known.Hex("m"), secret);

        Assert.Equal(Known.Text("publicKeySerialized"), pair.PublicKey.ToString());
        Assert.Equal(Known.Hex("ciphertextSerialized"), ciphertext);
        Assert.Equal(Known.Hex("kyberRound3SharedSecret"), secret);
        Assert.True(pair.TryDecapsulate(ciphertext, received));
        Assert.Equal(secret, received);
    }

    [Fact]
    public void The_known_seed_expands_to_the_known_secret_key()
    {
        byte[] expanded = new byte[MlKem.MlKem1024.DecapsulationKeyBytes];
        byte[] plain = new byte[32];
        MlKem.MlKem1024.WriteDecapsulationKey([.. Known.Hex("d"), .. Known.Hex("z")], expanded);

        Assert.Equal(Known.Hex("secretKeySerialized"), expanded.Prepend((byte)0x08));
        Assert.True(MlKem.MlKem1024.TryDecapsulateExpanded(expanded, Known.Hex("ciphertextSerialized").AsSpan(1), plain));
        Assert.Equal(Known.Hex("mlkemSharedSecret"), plain);
    }

    [Fact]
    public void A_pair_survives_export_and_import()
    {
        using var pair = KyberKeyPair.Generate();
        byte[] seed = new byte[64];
        pair.ExportSeed(seed);
        using var again = KyberKeyPair.Import(seed);
        byte[] secret = new byte[32];
        byte[] received = new byte[32];

        Assert.Equal(pair.PublicKey, again.PublicKey);
        Assert.Equal(pair.PublicKey.GetHashCode(), again.PublicKey.GetHashCode());
        Assert.True(again.TryDecapsulate(pair.PublicKey.Encapsulate(secret), received));
        Assert.Equal(secret, received);
        Assert.Throws<ArgumentException>(() => KyberKeyPair.Import(new byte[63]));
    }

    [Fact]
    public void An_altered_ciphertext_gives_another_secret()
    {
        using var pair = KyberKeyPair.Generate();
        byte[] secret = new byte[32];
        byte[] received = new byte[32];
        byte[] ciphertext = pair.PublicKey.Encapsulate(secret);
        ciphertext[1000] ^= 1;

        Assert.True(pair.TryDecapsulate(ciphertext, received));
        Assert.NotEqual(secret, received);
    }

    [Fact]
    public void What_is_no_ciphertext_is_refused()
    {
        using var pair = KyberKeyPair.Generate();
        byte[] secret = new byte[32];
        byte[] ciphertext = pair.PublicKey.Encapsulate(secret);
        byte[] untouched = new byte[32];

        Assert.False(pair.TryDecapsulate(ciphertext.AsSpan(1), untouched));
        Assert.False(pair.TryDecapsulate([], untouched));
        ciphertext[0] = 0x0A;
        Assert.False(pair.TryDecapsulate(ciphertext, untouched));
        Assert.Equal(new byte[32], untouched);
    }

    [Fact]
    public void A_key_parses_in_its_one_form_only()
    {
        byte[] serialized = Known.Hex("publicKeySerialized");
        Assert.True(KyberPublicKey.TryParse(serialized, out KyberPublicKey? key));
        Assert.Equal(serialized, key.ToBytes());

        Assert.False(KyberPublicKey.TryParse(serialized.AsSpan(1), out _));
        Assert.False(KyberPublicKey.TryParse([.. serialized, 0], out _));
        Assert.False(KyberPublicKey.TryParse([], out _));
        byte[] otherType = [0x0A, .. serialized[1..]];
        Assert.False(KyberPublicKey.TryParse(otherType, out _));
        byte[] notReduced = [0x08, 0xFF, 0xFF, .. serialized[3..]];
        Assert.False(KyberPublicKey.TryParse(notReduced, out _));
    }

    [Fact]
    public void A_pre_key_is_signed_over_its_1569_bytes()
    {
        using var identity = IdentityKeyPair.Generate();
        using var preKey = KyberPreKeyPair.Generate(identity, 7);

        Assert.Equal(7u, preKey.Id);
        Assert.True(XEdDsa.Verify(identity.PublicKey, preKey.KeyPair.PublicKey.Serialized, preKey.Signature));
        Assert.Throws<ArgumentOutOfRangeException>(() => KyberPreKeyPair.Generate(identity, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KyberPreKeyPair(1, preKey.KeyPair, new byte[63]));
    }

    [Fact]
    public void Secrets_print_redacted_and_never_become_json()
    {
        using var identity = IdentityKeyPair.Generate();
        using var preKey = KyberPreKeyPair.Generate(identity, 1);
        foreach (object secret in new object[] { preKey, preKey.KeyPair })
        {
            Assert.Equal("[redacted]", secret.ToString());
            Assert.Throws<JsonException>(() => JsonSerializer.Serialize(secret, secret.GetType()));
        }
    }

    [Fact]
    public void A_disposed_pair_is_of_no_more_use()
    {
        var pair = KyberKeyPair.Generate();
        byte[] ciphertext = pair.PublicKey.Encapsulate(new byte[32]);
        pair.Dispose();
        pair.Dispose();

        Assert.Throws<ObjectDisposedException>(() => pair.ExportSeed(new byte[64]));
        Assert.Throws<ObjectDisposedException>(() => pair.TryDecapsulate(ciphertext, new byte[32]));
    }
}
