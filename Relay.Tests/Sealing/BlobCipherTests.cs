using Relay.Shared.Sealing;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Sealing;

/// <summary>Two implementations of AES-256-GCM: what one seals the other opens, to the byte.</summary>
public sealed class BlobCipherTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Both_ciphers_say_the_same(ulong seed)
    {
        SeededRandom random = new(seed);
        for (int i = 0; i < 300; i++)
        {
            byte[] key = random.Bytes(32);
            byte[] nonce = random.Bytes(12);
            byte[] plain = random.Bytes(random.Below(i < 20 ? 3 : 5_000));
            byte[] data = random.Bytes(random.Below(300));
            (byte[] cipher, byte[] tag) = (new byte[plain.Length], new byte[16]);
            (byte[] portable, byte[] portableTag) = (new byte[plain.Length], new byte[16]);
            BlobCipher.Encrypt(key, nonce, plain, cipher, tag, data);
            BlobCipher.EncryptPortably(key, nonce, plain, portable, portableTag, data);
            Assert.Equal((Convert.ToHexString(portable), Convert.ToHexString(portableTag)), (Convert.ToHexString(cipher), Convert.ToHexString(tag)));

            byte[] opened = new byte[plain.Length];
            Assert.True(BlobCipher.TryDecrypt(key, nonce, cipher, tag, opened, data));
            Assert.Equal(plain, opened);
            Assert.True(BlobCipher.TryDecryptPortably(key, nonce, cipher, tag, opened, data));

            byte[][] parts = [key, nonce, cipher, tag, data];
            byte[] changed = parts[random.Below(5)];
            if (changed.Length > 0)
            {
                changed[random.Below(changed.Length)] ^= (byte)(1 << random.Below(8));
                Assert.False(BlobCipher.TryDecrypt(key, nonce, cipher, tag, opened, data));
                Assert.False(BlobCipher.TryDecryptPortably(key, nonce, cipher, tag, opened, data));
            }
        }
    }

    /// <summary>NIST's GCM test vectors, case 16 (McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B).</summary>
    [Fact]
    public void A_published_vector_comes_out()
    {
        byte[] key = Convert.FromHexString("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        byte[] nonce = Convert.FromHexString("cafebabefacedbaddecaf888");
        byte[] data = Convert.FromHexString("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        byte[] plain = Convert.FromHexString(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
        byte[] cipher = new byte[plain.Length];
        byte[] tag = new byte[16];
        BlobCipher.Encrypt(key, nonce, plain, cipher, tag, data);

        Assert.Equal(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            Convert.ToHexStringLower(cipher));
        Assert.Equal("76fc6ece0f4e1768cddf8853bb2d551b", Convert.ToHexStringLower(tag));
    }

    [Fact]
    public void Random_bytes_are_drawn_anew_each_time()
    {
        HashSet<string> seen = [];
        byte[] drawn = new byte[44];
        for (int i = 0; i < 1_000; i++)
        {
            BlobCipher.Random(drawn);
            Assert.True(seen.Add(Convert.ToHexString(drawn)));
            Assert.Contains(drawn, b => b != 0);
        }
    }
}
