using System.Net;
using System.Net.Sockets;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Connects to an endpoint's name only where every address that it resolves to is public, and then to one of exactly these addresses: a name
/// that resolves to something else a moment later (rebinding) gains nothing. TLS goes on asking for the name.
/// </summary>
/// <param name="allowLoopback">Whether a loopback host may be called: local runs only. A public name that resolves to loopback never is.</param>
/// <param name="resolve">Looks a name up.</param>
public sealed class PublicConnect(bool allowLoopback, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public PublicConnect(bool allowLoopback)
        : this(allowLoopback, (host, cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken))
    {
    }

    /// <exception cref="HttpRequestException">The name resolves to nothing, or to something that may not be called.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await ResolveAsync(endpoint.Host, cancellationToken);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endpoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (allowLoopback && IsLoopback(host))
        {
            return host == "localhost" ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Parse(host)];
        }

        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : await resolve(host, cancellationToken);
        return addresses.Length > 0 && Array.TrueForAll(addresses, PublicAddress.IsPublic)
            ? addresses
            : throw new HttpRequestException("The endpoint's name does not resolve to public addresses alone.");
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out IPAddress? literal) && IPAddress.IsLoopback(literal));
}
