using System.Security.Cryptography;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Xunit;

namespace Relay.Tests.Content;

/// <summary>Files encrypted for a device: the form that Signal's clients use, read and written as streams.</summary>
public sealed class AttachmentTests
{
    public static TheoryData<int> Sizes => new(0, 1, 15, 16, 17, 541, 542, 65_519, 65_520, 65_535, 65_536, 65_537, 131_072, 1_000_000);

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task A_file_comes_back_as_it_was_and_its_encrypted_size_is_that_of_its_bucket(int size)
    {
        byte[] file = RandomNumberGenerator.GetBytes(size);
        (byte[] encrypted, AttachmentPointer pointer) = await EncryptAsync(file);
        Assert.Equal(AttachmentFormat.EncryptedSize(size), encrypted.Length);
        Assert.Equal(size, pointer.Size);
        Assert.Equal(SHA256.HashData(encrypted), pointer.Digest);
        if (size > 0)
        {
            Assert.Equal(file, await DecryptAsync(encrypted, pointer));
        }
    }

    /// <summary>By .NET's own primitives, in one piece: what any other implementation of the form would write.</summary>
    [Fact]
    public async Task The_form_is_iv_then_cbc_then_mac()
    {
        byte[] file = RandomNumberGenerator.GetBytes(100);
        (byte[] encrypted, AttachmentPointer pointer) = await EncryptAsync(file);
        Assert.Equal(HMACSHA256.HashData(pointer.Key.AsSpan(32), encrypted.AsSpan(0, encrypted.Length - 32)), encrypted[^32..]);
        using Aes aes = Aes.Create();
        aes.Key = pointer.Key[..32];
        byte[] padded = aes.DecryptCbc(encrypted.AsSpan(16, encrypted.Length - 48), encrypted.AsSpan(0, 16));
        Assert.Equal(541, padded.Length);
        Assert.Equal(file, padded[..100]);
        Assert.All(padded[100..], rest => Assert.Equal(0, rest));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(70_000)]
    [InlineData(-1)]
    [InlineData(-33)]
    public async Task A_changed_byte_is_noticed_at_the_end(int at)
    {
        (byte[] encrypted, AttachmentPointer pointer) = await EncryptAsync(RandomNumberGenerator.GetBytes(100_000));
        encrypted[at < 0 ? encrypted.Length + at : at] ^= 1;
        await Assert.ThrowsAsync<AttachmentBrokenException>(() => DecryptAsync(encrypted, pointer));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(16)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(600)]
    [InlineData(65_584)]
    public async Task A_cut_file_is_noticed(int length)
    {
        (byte[] encrypted, AttachmentPointer pointer) = await EncryptAsync(RandomNumberGenerator.GetBytes(200_000));
        await Assert.ThrowsAsync<AttachmentBrokenException>(() => DecryptAsync(encrypted[..length], pointer));
    }

    [Fact]
    public async Task Another_key_another_digest_or_a_size_that_does_not_fit_is_noticed()
    {
        (byte[] encrypted, AttachmentPointer pointer) = await EncryptAsync(RandomNumberGenerator.GetBytes(1_000));
        foreach (AttachmentPointer wrong in (AttachmentPointer[])
        [
            With(pointer, key: RandomNumberGenerator.GetBytes(64)), With(pointer, key: [.. pointer.Key[..32], .. new byte[32]]),
            With(pointer, digest: new byte[32]), With(pointer, size: 5_000), With(pointer, size: 0), With(pointer, key: new byte[63]), With(pointer, id: "../a"),
        ])
        {
            await Assert.ThrowsAsync<AttachmentBrokenException>(() => DecryptAsync(encrypted, wrong));
        }
    }

    /// <summary>A right MAC over what isn't padded as it must be: the sender's mistake.</summary>
    [Fact]
    public async Task Bad_padding_under_a_right_mac_is_broken_too()
    {
        byte[] key = RandomNumberGenerator.GetBytes(64);
        byte[] body = [.. RandomNumberGenerator.GetBytes(16), .. RandomNumberGenerator.GetBytes(64)];
        byte[] encrypted = [.. body, .. HMACSHA256.HashData(key.AsSpan(32), body)];
        AttachmentPointer pointer = new() { Id = "a", Key = key, Digest = SHA256.HashData(encrypted), Size = 60 };
        await Assert.ThrowsAsync<AttachmentBrokenException>(() => DecryptAsync(encrypted, pointer));
    }

    [Fact]
    public void Sizes_fall_into_few_buckets_that_are_never_too_small()
    {
        long last = 0;
        HashSet<long> buckets = [];
        for (long size = 0; size <= AttachmentFormat.MaxFileBytes; size += 99_991)
        {
            long padded = AttachmentFormat.PaddedSize(size);
            Assert.True(padded >= size && padded >= last && padded <= Math.Max(541, size * 1.06));
            buckets.Add(last = padded);
        }

        Assert.InRange(buckets.Count, 20, 150);
        Assert.True(AttachmentFormat.MaxEncryptedBytes <= Relay.Shared.Transport.Wire.TransportLimits.MaxAttachmentBytes);
    }

    private static AttachmentPointer With(AttachmentPointer from, string? id = null, byte[]? key = null, byte[]? digest = null, long? size = null) =>
        new() { Id = id ?? from.Id, Key = key ?? from.Key, Digest = digest ?? from.Digest, Size = size ?? from.Size };

    private static async Task<(byte[] Encrypted, AttachmentPointer Pointer)> EncryptAsync(byte[] file)
    {
        byte[] key = RandomNumberGenerator.GetBytes(AttachmentFormat.KeySize);
        await using AttachmentEncryption encryption = new(new Dribble(file), key);
        using MemoryStream encrypted = new();
        await encryption.CopyToAsync(encrypted);
        return (encrypted.ToArray(), new AttachmentPointer { Id = "a", Key = key, Digest = encryption.Digest!, Size = encryption.FileSize });
    }

    private static async Task<byte[]> DecryptAsync(byte[] encrypted, AttachmentPointer pointer)
    {
        await using AttachmentDecryption decryption = new(new Dribble(encrypted), pointer);
        using MemoryStream file = new();
        await decryption.CopyToAsync(file);
        return file.ToArray();
    }

    /// <summary>Gives as few bytes at a time as a network may.</summary>
    private sealed class Dribble(byte[] bytes) : ForwardStream
    {
        private int _at;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            int count = Math.Min(Math.Min(buffer.Length, 7_001), bytes.Length - _at);
            bytes.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }
}
