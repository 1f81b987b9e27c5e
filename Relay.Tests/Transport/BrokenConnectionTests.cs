using System.Net.Sockets;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Pushes;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Transport;

/// <summary>A peer that dies while a connection to it is being made lets the framework throw a bare <see cref="SocketException"/> (seen under ./relay chaos).</summary>
public sealed class BrokenConnectionTests
{
    [Fact]
    public async Task To_the_transport_it_is_a_dependency_that_is_away()
    {
        using HttpClient http = new(new Dying());
        TransportClient client = new(http, new Uri("http://127.0.0.1:1"));
        DeviceCredential credential = new(TestDevice.Of(TestRelay.RandomNumber()), new Secret("credential"));
        HttpRequestException away = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.TakeBundleAsync(credential, TestDevice.Of(TestRelay.RandomNumber()), CancellationToken.None));
        Assert.True(DependencyFaults.IsAway(away));
    }

    [Fact]
    public async Task To_the_relay_it_is_a_push_that_failed()
    {
        using HttpMessageInvoker http = new(new Dying());
        using PushTarget target = new(new Uri("http://127.0.0.1:1"), SecretBytes.Random(PushTarget.SecretSize));
        Envelope envelope = new() { Id = EnvelopeId.Create().Hex, From = TestRelay.RandomNumber(), Type = Envelope.Message, Timestamp = 0, Content = [1] };
        Assert.False(await new PushChannel(http, TimeProvider.System).TryPostAsync(target, envelope, CancellationToken.None));
    }

    private sealed class Dying : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new SocketException((int)SocketError.NotConnected));
    }
}
