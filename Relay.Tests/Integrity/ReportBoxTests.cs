using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>What is attached to a report opens with the operator's key and with nothing else, and its length says little.</summary>
public sealed class ReportBoxTests
{
    [Theory]
    [InlineData("")]
    [InlineData("what it said")]
    [InlineData("\u0080 Grüße 👍")]
    public void It_opens_as_it_was_sealed_and_never_looks_the_same(string text)
    {
        byte[] box = Reporting.Box(text);
        Assert.Equal(text, Reporting.Open(box));
        Assert.NotEqual(box, Reporting.Box(text));
        Assert.Equal(TransportLimits.ReportSealBytes + TransportLimits.ReportStep, box.Length);
    }

    [Theory]
    [InlineData(255, 1)]
    [InlineData(256, 2)]
    [InlineData(ReportBox.MaxText, 31)]
    [InlineData(100_000, 31)]
    public void Its_length_goes_in_steps_and_what_is_too_long_is_cut(int length, int steps)
    {
        string text = new('x', length);
        byte[] box = Reporting.Box(text);
        Assert.Equal(TransportLimits.ReportSealBytes + (steps * TransportLimits.ReportStep), box.Length);
        Assert.InRange(box.Length, 0, TransportLimits.MaxReportBytes);
        Assert.Equal(text[..Math.Min(length, ReportBox.MaxText)], Reporting.Open(box));
    }

    [Fact]
    public void A_letter_is_not_cut_in_two()
    {
        string opened = Reporting.Open(Reporting.Box("x" + new string('ü', ReportBox.MaxText)))!;
        Assert.Equal(ReportBox.MaxText, Encoding.UTF8.GetByteCount(opened));
        Assert.DoesNotContain('\uFFFD', Reporting.Open(Reporting.Box(new string('ü', ReportBox.MaxText)))!);
    }

    [Fact]
    public void Every_flipped_byte_and_every_other_key_opens_nothing()
    {
        byte[] box = Reporting.Box("what it said");
        for (int at = 0; at < box.Length; at++)
        {
            box[at] ^= 1;
            Assert.Null(Reporting.Open(box));
            box[at] ^= 1;
        }

        Assert.Null(Reporting.Open(box[..^1]));
        Assert.Null(Reporting.Open([]));
        byte[] other = RandomNumberGenerator.GetBytes(ReportBox.KeySize);
        Assert.Null(ReportBox.Open(ReportBox.PublicKeyOf(other), other, box));
        Assert.Null(ReportBox.Open(Reporting.PublicKey, other, box));
    }

    /// <summary>A transport that hands out a key whose secret everybody knows gets nothing.</summary>
    [Fact]
    public void Nothing_is_sealed_for_what_is_no_key()
    {
        Assert.Throws<CryptographicException>(() => ReportBox.Seal(new byte[ReportBox.KeySize], "x"));
        Assert.Throws<CryptographicException>(() => ReportBox.Seal(new byte[ReportBox.KeySize - 1], "x"));
        Assert.Throws<CryptographicException>(() => ReportBox.PublicKeyOf([1]));
    }
}
