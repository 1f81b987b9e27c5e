using System.Net;
using System.Net.Sockets;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Webhooks;
using Xunit;

namespace Relay.Tests.Webhooks;

/// <summary>Whatever a business's name resolves to, Relay talks to the public internet only.</summary>
public sealed class PublicConnectTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("168.63.129.15")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    [InlineData("::ffff:8.8.8.8")]
    public void A_public_address_is_public(string address) => Assert.True(PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::7f00:1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Every_other_address_is_not(string address) => Assert.False(PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8", "127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData]
    public async Task A_name_must_resolve_to_public_addresses_alone(params string[] addresses)
    {
        foreach (bool allowLoopback in new[] { false, true })
        {
            PublicConnect connect = new(allowLoopback, (_, _) => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse)));
            await Assert.ThrowsAsync<HttpRequestException>(() => connect.ResolveAsync("example.com", default));
        }
    }

    [Fact]
    public async Task A_name_that_turns_to_loopback_is_not_called_the_second_time()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri callback = new($"http://example.com:{((IPEndPoint)listener.LocalEndpoint).Port}/hook");
        int asked = 0;
        PublicConnect connect = new(allowLoopback: true, (_, _) => Task.FromResult<IPAddress[]>([asked++ == 0 ? IPAddress.Parse("8.8.8.8") : IPAddress.Loopback]));

        Assert.Equal([IPAddress.Parse("8.8.8.8")], await connect.ResolveAsync("example.com", default));
        using SocketsHttpHandler handler = WebhookClient.CreateHandler(connect);
        using HttpMessageInvoker http = new(handler);
        Assert.Equal(default, await new WebhookClient(http, TimeProvider.System).PostAsync(callback, new Secret("secret"), "msg_1", [1], TimeSpan.FromSeconds(5), default));
        Assert.Equal(2, asked);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Loopback_is_called_where_it_is_allowed_and_nowhere_else()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri callback = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hook");
        Task<bool> refused = PostAsync(callback, allowLoopback: false);
        Assert.False(await refused);
        Assert.False(listener.Pending());

        Task<bool> allowed = PostAsync(callback, allowLoopback: true);
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\n\r\n"));
        Assert.True(await allowed);
    }

    [Fact]
    public async Task A_redirect_to_the_metadata_service_is_a_failure_and_not_followed()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<bool> posted = PostAsync(new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/hook"), allowLoopback: true);
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://169.254.169.254/metadata\r\nContent-Length: 0\r\n\r\n"));
        Assert.False(await posted);
    }

    private static async Task<bool> PostAsync(Uri callback, bool allowLoopback)
    {
        using SocketsHttpHandler handler = WebhookClient.CreateHandler(new PublicConnect(allowLoopback));
        using HttpMessageInvoker http = new(handler);
        return (await new WebhookClient(http, TimeProvider.System).PostAsync(callback, new Secret("secret"), "msg_1", [1], TimeSpan.FromSeconds(5), default)).IsDelivered;
    }
}
