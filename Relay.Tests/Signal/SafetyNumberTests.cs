using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>Safety numbers, against those a current peer shows for the same keys and ids.</summary>
public sealed class SafetyNumberTests
{
    private static readonly JsonElement[] Known =
        [.. VectorFile.Read("fingerprint-v2-client0.103.0.json").GetProperty("vectors").EnumerateArray()];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Known.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Digits_and_code_are_those_a_peer_shows(int number)
    {
        JsonElement known = Known[number];
        SafetyNumber ours = SafetyNumber.Create(Key(known, "ourKey"), known.Hex("ourId"), Key(known, "theirKey"), known.Hex("theirId"));
        SafetyNumber theirs = SafetyNumber.Create(Key(known, "theirKey"), known.Hex("theirId"), Key(known, "ourKey"), known.Hex("ourId"));

        Assert.Equal(known.Text("digits"), ours.Digits);
        Assert.Equal(known.Text("digits"), theirs.ToString());
        Assert.Equal(known.Text("scannable"), Convert.ToHexStringLower(ours.ToScannable()));
        Assert.True(ours.Matches(theirs.ToScannable()));
        Assert.True(theirs.Matches(ours.ToScannable()));
    }

    [Fact]
    public void Any_other_code_does_not_match()
    {
        JsonElement known = Known[0];
        SafetyNumber ours = SafetyNumber.Create(Key(known, "ourKey"), known.Hex("ourId"), Key(known, "theirKey"), known.Hex("theirId"));
        SafetyNumber theirs = SafetyNumber.Create(Key(known, "theirKey"), known.Hex("theirId"), Key(known, "ourKey"), known.Hex("ourId"));
        byte[] code = theirs.ToScannable();
        for (int bit = 0; bit < code.Length * 8; bit++)
        {
            byte[] flipped = [.. code];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(ours.Matches(flipped));
        }

        Assert.False(ours.Matches(ours.ToScannable()));
        Assert.False(ours.Matches(code.AsSpan(1)));
        Assert.False(ours.Matches([]));
    }

    [Fact]
    public void Another_key_or_id_gives_other_digits()
    {
        JsonElement known = Known[0];
        PublicKey ours = Key(known, "ourKey");
        PublicKey theirs = Key(known, "theirKey");
        string[] digits =
        [
            SafetyNumber.Create(ours, [1], theirs, [2]).Digits,
            SafetyNumber.Create(ours, [1], theirs, [3]).Digits,
            SafetyNumber.Create(ours, [2], theirs, [1]).Digits,
            SafetyNumber.Create(ours, [1], ours, [2]).Digits,
        ];
        Assert.Equal(4, digits.Distinct().Count());
        Assert.All(digits, text => Assert.Matches("^[0-9]{60}$", text));
    }

    private static PublicKey Key(JsonElement element, string name) =>
        PublicKey.TryParse(element.Hex(name), out PublicKey? key) ? key : throw new InvalidDataException(name);
}
