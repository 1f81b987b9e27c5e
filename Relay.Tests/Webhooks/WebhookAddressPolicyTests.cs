using Relay.Shared.Webhooks;
using Xunit;

namespace Relay.Tests.Webhooks;

public sealed class WebhookAddressPolicyTests
{
    [Theory]
    [InlineData("https://example.com/hook")]
    [InlineData("https://example.com:443/hook?x=1&y=2")]
    [InlineData("https://a.b.c.example.co.uk/")]
    [InlineData("https://EXAMPLE.com/Hook")]
    [InlineData("https://bücher.example/hook")]
    [InlineData("https://xn--bcher-kva.example/hook")]
    [InlineData("https://1.example.com/")]
    [InlineData("https://127.0.0.1.example.com/")]
    public void An_https_address_with_a_host_name_may_be_used(string address)
    {
        Assert.NotNull(new WebhookAddressPolicy(allowLoopback: false).Parse(address));
        Assert.NotNull(new WebhookAddressPolicy(allowLoopback: true).Parse(address));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("example.com/hook")]
    [InlineData("/hook")]
    [InlineData("//example.com/hook")]
    [InlineData("http://example.com/hook")]
    [InlineData("http://example.com:443/hook")]
    [InlineData("ftp://example.com/hook")]
    [InlineData("file:///etc/passwd")]
    [InlineData("file://example.com/hook")]
    [InlineData("javascript:alert(1)")]
    [InlineData("wss://example.com/hook")]
    [InlineData("https://example.com:8443/hook")]
    [InlineData("https://example.com:80/hook")]
    [InlineData("https://example.com:0/hook")]
    [InlineData("https://user@example.com/hook")]
    [InlineData("https://user:password@example.com/hook")]
    [InlineData("https://example.com@evil.example/hook")]
    [InlineData("https://example.com/hook#fragment")]
    [InlineData("https://example/hook")]
    [InlineData("https://metadata/hook")]
    [InlineData("https://localhost./hook")]
    [InlineData("https://LOCALHOST./hook")]
    [InlineData("https://api.localhost/hook")]
    [InlineData("https://example.com./hook")]
    [InlineData("https://10.0.0.1/hook")]
    [InlineData("https://8.8.8.8/hook")]
    [InlineData("https://169.254.169.254/metadata")]
    [InlineData("https://168.63.129.16/hook")]
    [InlineData("https://127.0.0.1./hook")]
    [InlineData("https://10.0.0.1./hook")]
    [InlineData("https://2852039166/metadata")]
    [InlineData("https://0xA9FEA9FE/metadata")]
    [InlineData("https://0xA9.0xFE.0xA9.0xFE/metadata")]
    [InlineData("https://0251.0376.0251.0376/metadata")]
    [InlineData("https://10.1/hook")]
    [InlineData("https://0/hook")]
    [InlineData("https://0.0.0.0/hook")]
    [InlineData("https://[fe80::1]/hook")]
    [InlineData("https://[fd00::1]/hook")]
    [InlineData("https://[2001:db8::1]/hook")]
    [InlineData("https://[::ffff:10.0.0.1]/hook")]
    [InlineData("https://[::]/hook")]
    [InlineData("https://１０.0.0.1/hook")]
    [InlineData("https://exa mple.com/hook")]
    [InlineData("https://127。0。0。1/hook")]
    [InlineData("https://①②⑦.0.0.1/hook")]
    [InlineData("https://%31%30.0.0.1/hook")]
    [InlineData("https://[::ffff:169.254.169.254]/metadata")]
    [InlineData("https://[64:ff9b::a9fe:a9fe]/metadata")]
    [InlineData("https://[fe80::1%25eth0]/hook")]
    [InlineData("https://example.com:443@10.0.0.1/hook")]
    [InlineData("https://")]
    public void Anything_else_may_not_anywhere(string? address)
    {
        Assert.Null(new WebhookAddressPolicy(allowLoopback: false).Parse(address));
        Assert.Null(new WebhookAddressPolicy(allowLoopback: true).Parse(address));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/hook")]
    [InlineData("https://127.0.0.1:5001/hook")]
    [InlineData("http://localhost:5000/hook")]
    [InlineData("http://LOCALHOST/hook")]
    [InlineData("http://127.1.2.3/hook")]
    [InlineData("http://[::1]:5000/hook")]
    [InlineData("https://localhost/hook")]
    [InlineData("https://2130706433/hook")]
    [InlineData("https://0x7f.1/hook")]
    [InlineData("https://017700000001/hook")]
    public void Loopback_may_be_used_where_configuration_says_so(string address)
    {
        Assert.Null(new WebhookAddressPolicy(allowLoopback: false).Parse(address));
        Assert.NotNull(new WebhookAddressPolicy(allowLoopback: true).Parse(address));
    }

    [Theory]
    [InlineData("file://localhost/etc/passwd")]
    [InlineData("ftp://127.0.0.1/hook")]
    [InlineData("http://user@127.0.0.1/hook")]
    [InlineData("http://127.0.0.1/hook#x")]
    public void On_loopback_too_it_is_http(string address) => Assert.Null(new WebhookAddressPolicy(allowLoopback: true).Parse(address));

    [Fact]
    public void An_address_has_at_most_2048_characters()
    {
        string address = "https://example.com/".PadRight(2_048, 'x');
        Assert.NotNull(new WebhookAddressPolicy(allowLoopback: false).Parse(address));
        Assert.Null(new WebhookAddressPolicy(allowLoopback: false).Parse(address + "x"));
    }

    [Fact]
    public void The_rule_is_told_as_it_is()
    {
        Assert.DoesNotContain("loopback", new WebhookAddressPolicy(allowLoopback: false).Describe(), StringComparison.Ordinal);
        Assert.Contains("loopback", new WebhookAddressPolicy(allowLoopback: true).Describe(), StringComparison.Ordinal);
    }
}
