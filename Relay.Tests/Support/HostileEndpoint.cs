using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Relay.Tests.Support;

/// <summary>An endpoint on loopback that answers the handshake properly and a delivery with whatever bytes a test says. One request per connection.</summary>
internal sealed class HostileEndpoint : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _exchanges = [];
    private readonly Task _accepting;
    private int _requests;

    public HostileEndpoint()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Callback => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook");

    /// <summary>Deliveries that began, whatever was answered.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Answers a delivery; the connection is closed afterwards.</summary>
    public Func<NetworkStream, CancellationToken, Task> Answer { get; set; } = (stream, token) => SayAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", token);

    /// <summary>Whether the delivery's body is read before it is answered.</summary>
    public bool ReadsBody { get; set; } = true;

    public static Task SayAsync(NetworkStream stream, string text, CancellationToken token) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), token).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_exchanges);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _exchanges.Add(ExchangeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ExchangeAsync(TcpClient client)
    {
        using TcpClient owned = client;
        try
        {
            NetworkStream stream = client.GetStream();
            StringBuilder text = new();
            byte[] buffer = new byte[16 * 1024];
            while (!IsWhole(text.ToString()))
            {
                int read = await stream.ReadAsync(buffer, _stop.Token);
                if (read == 0)
                {
                    return;
                }

                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }

            Match challenge = Regex.Match(text.ToString(), @"^GET \S*hub\.challenge=(\d+)");
            if (challenge.Success)
            {
                await SayAsync(stream, $"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {challenge.Groups[1].Length}\r\n\r\n{challenge.Groups[1].Value}", _stop.Token);
                return;
            }

            Interlocked.Increment(ref _requests);
            await Answer(stream, _stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Relay hung up, or the test is over.
        }
    }

    private bool IsWhole(string text)
    {
        int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
        {
            // A TLS greeting is no HTTP, and all there will be.
            return text.Length > 0 && text[0] == 0x16;
        }

        Match length = Regex.Match(text[..head], @"Content-Length: (\d+)", RegexOptions.IgnoreCase);
        return !ReadsBody || !length.Success || text.Length >= head + 4 + int.Parse(length.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }
}
