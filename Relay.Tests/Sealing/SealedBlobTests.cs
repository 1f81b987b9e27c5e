using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Sealing;

public sealed class SealedBlobTests
{
    private const uint Day = 20261122;

    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly SealedPlace Home = new("conversations", "1-aa", "O:01", "x", 3, 1, 2);

    [Fact]
    public void A_blob_has_98_bytes_around_its_ciphertext_in_the_documented_order()
    {
        byte[] blob = SealedBlob.Seal(Key, Day, Place(Home), "hello"u8);

        Assert.Equal(1 + 1 + 4 + 32 + 32 + 12 + 5 + 16, blob.Length);
        Assert.Equal(98, SealedBlob.Overhead);
        Assert.Equal([1, 1, 0x01, 0x35, 0x29, 0x02], blob[..6]);
        Assert.True(SealedBlob.TryReadDay(blob, out UtcDay? day));
        Assert.Equal("20261122", day?.Key);
        Assert.Equal("hello"u8.ToArray(), SealedBlob.Open(Key, Place(Home), blob));
    }

    /// <summary>The format by .NET's own primitives, written down a second time: what lies in storage must open for ever.</summary>
    [Fact]
    public void A_blob_is_what_the_document_says_to_the_byte()
    {
        byte[] place = Place(Home);
        byte[] salt = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];
        byte[] nonce = [.. Enumerable.Range(200, 12).Select(i => (byte)i)];
        byte[] derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, Key, 64, salt, place);
        byte[] header = [1, 1, 0x01, 0x35, 0x29, 0x02, .. salt, .. derived[32..], .. nonce];
        (byte[] cipher, byte[] tag) = (new byte[5], new byte[16]);
        using AesGcm aes = new(derived[..32], 16);
        aes.Encrypt(nonce, "hello"u8, cipher, tag, [.. header, .. place]);
        Assert.Equal("hello"u8.ToArray(), SealedBlob.Open(Key, place, [.. header, .. cipher, .. tag]));

        byte[] blob = SealedBlob.Seal(Key, Day, place, "hello"u8);
        byte[] again = HKDF.DeriveKey(HashAlgorithmName.SHA256, Key, 64, blob[6..38], place);
        byte[] opened = new byte[5];
        using AesGcm other = new(again[..32], 16);
        other.Decrypt(blob.AsSpan(70, 12), blob.AsSpan(82, 5), blob.AsSpan(87), opened, [.. blob[..82], .. place]);
        Assert.Equal(again[32..], blob[38..70]);
        Assert.Equal("hello"u8.ToArray(), opened);
    }

    /// <summary>A place of any length: its encoding needs no array only up to a size.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(500)]
    [InlineData(5_000)]
    public void A_place_may_have_any_length(int length)
    {
        SealedPlace place = Home with { RowKey = new string('é', length) };
        byte[] blob = SealedBlob.Seal(Key, Day, Place(place), "x"u8);
        Assert.Equal("x"u8.ToArray(), SealedBlob.Open(Key, Place(place), blob));
        Assert.Null(SealedBlob.Open(Key, Place(place with { RowKey = place.RowKey[..^1] }), blob));
    }

    [Fact]
    public void Every_flipped_bit_fails()
    {
        byte[] blob = SealedBlob.Seal(Key, Day, Place(Home), "some plaintext"u8);
        for (int bit = 0; bit < blob.Length * 8; bit++)
        {
            byte[] flipped = [.. blob];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(SealedBlob.Open(Key, Place(Home), flipped) is null, $"bit {bit}");
        }
    }

    [Fact]
    public void Every_truncation_and_extension_fails()
    {
        byte[] blob = SealedBlob.Seal(Key, Day, Place(Home), "some plaintext"u8);
        for (int length = 0; length < blob.Length; length++)
        {
            Assert.Null(SealedBlob.Open(Key, Place(Home), blob.AsSpan(0, length)));
        }

        Assert.Null(SealedBlob.Open(Key, Place(Home), [.. blob, 0]));
        Assert.False(SealedBlob.TryReadDay(blob.AsSpan(0, SealedBlob.Overhead - 1), out _));
    }

    public static TheoryData<string> Moves =>
        ["table", "partition", "row", "column", "generation", "chunk", "chunks", "tenant", "region", "a field's end", "a field's start"];

    [Theory]
    [MemberData(nameof(Moves))]
    public void A_moved_blob_does_not_open(string move)
    {
        byte[] blob = SealedBlob.Seal(Key, Day, Place(Home), "some plaintext"u8);
        byte[] there = move switch
        {
            "table" => Place(Home with { Table = "lookup" }),
            "partition" => Place(Home with { PartitionKey = "1-ab" }),
            "row" => Place(Home with { RowKey = "O:02" }),
            "column" => Place(Home with { Column = "p" }),
            "generation" => Place(Home with { Generation = 4 }),
            "chunk" => Place(Home with { Chunk = 0 }),
            "chunks" => Place(Home with { Chunks = 3 }),
            "tenant" => Home.Encode("region", "2"),
            "region" => Home.Encode("other", "1"),
            "a field's end" => Place(Home with { RowKey = "O:0", Column = "1x" }),
            _ => Place(Home with { Table = "conversations1", PartitionKey = "-aa" }),
        };

        Assert.Null(SealedBlob.Open(Key, there, blob));
        Assert.NotNull(SealedBlob.Open(Key, Place(Home with { }), blob));
    }

    [Fact]
    public void Another_key_does_not_open()
    {
        byte[] blob = SealedBlob.Seal(Key, Day, Place(Home), "x"u8);
        for (int bit = 0; bit < 256; bit++)
        {
            byte[] other = [.. Key];
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(SealedBlob.Open(other, Place(Home), blob));
        }
    }

    [Fact]
    public void Unknown_versions_and_algorithms_fail_closed()
    {
        byte[] blob = SealedBlob.Seal(Key, Day, Place(Home), "x"u8);
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            byte[] version = [.. blob];
            version[0] = (byte)value;
            byte[] algorithm = [.. blob];
            algorithm[1] = (byte)value;
            Assert.Equal(value == 1, SealedBlob.TryReadDay(version, out _));
            Assert.Equal(value == 1, SealedBlob.TryReadDay(algorithm, out _));
            Assert.Equal(value == 1, SealedBlob.Open(Key, Place(Home), version) is not null);
            Assert.Equal(value == 1, SealedBlob.Open(Key, Place(Home), algorithm) is not null);
        }
    }

    [Fact]
    public void Nothing_can_be_sealed_and_is_98_bytes()
    {
        byte[] blob = SealedBlob.Seal(Key, 0, Place(Home), []);

        Assert.Equal(SealedBlob.Overhead, blob.Length);
        Assert.Empty(SealedBlob.Open(Key, Place(Home), blob) ?? [1]);
        Assert.True(SealedBlob.TryReadDay(blob, out UtcDay? day));
        Assert.Null(day);
    }

    [Fact]
    public void A_day_that_is_none_is_no_blob()
    {
        byte[] blob = SealedBlob.Seal(Key, 20260230, Place(Home), "x"u8);
        Assert.False(SealedBlob.TryReadDay(blob, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_sealed_opens_there_and_nowhere_else(ulong seed)
    {
        SeededRandom random = new(seed);
        HashSet<string> salts = [];
        for (int i = 0; i < 200; i++)
        {
            byte[] plain = random.Bytes(random.Below(3_000));
            SealedPlace place = new(Text(random), Text(random), Text(random), Text(random), random.Below(9), random.Below(3), 3);
            byte[] blob = SealedBlob.Seal(Key, Day, Place(place), plain);

            Assert.Equal(plain, SealedBlob.Open(Key, Place(place), blob));
            Assert.Equal(plain.Length + SealedBlob.Overhead, blob.Length);
            Assert.True(salts.Add(Convert.ToHexString(blob.AsSpan(6, 32))), $"seed {seed}: a salt came twice");
            Assert.True(plain.Length < 8 || blob.AsSpan().IndexOf(plain) < 0);
            SealedPlace other = place with { RowKey = place.RowKey + "'" };
            Assert.Null(SealedBlob.Open(Key, Place(other), blob));
        }
    }

    /// <summary>No two places have the same encoding, whatever their texts are cut into.</summary>
    [Fact]
    public void Places_encode_without_ambiguity()
    {
        SeededRandom random = new(7);
        Dictionary<string, SealedPlace> seen = [];
        for (int i = 0; i < 3_000; i++)
        {
            SealedPlace place = new(Short(random), Short(random), Short(random), Short(random), random.Below(2), random.Below(2), 1 + random.Below(2));
            string encoded = Convert.ToHexString(Place(place));
            Assert.True(!seen.TryGetValue(encoded, out SealedPlace other) || other == place, $"{other} and {place}");
            seen[encoded] = place;
        }
    }

    private static byte[] Place(SealedPlace place) => place.Encode("region", "1");

    private static string Short(SeededRandom random) => new('a', random.Below(3));

    private static string Text(SeededRandom random) => Encoding.ASCII.GetString([.. random.Bytes(random.Below(20)).Select(b => (byte)(' ' + (b % 90)))]) + "é";
}
