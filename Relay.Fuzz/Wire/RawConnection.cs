using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Relay.Fuzz.Wire;

/// <summary>HTTP/1.1 over a socket of our own, since a proper client would refuse to send most of this.</summary>
internal sealed class RawConnection(Uri address) : IDisposable
{
    private static readonly byte[] s_endOfHead = "\r\n\r\n"u8.ToArray();

    private readonly byte[] _buffer = new byte[64 * 1024];
    private Socket? _socket;
    private int _start;
    private int _end;

    /// <summary>Null when the connection ended without an answer, twice.</summary>
    public async Task<RawAnswer?> SendAsync(FuzzRequest request, CancellationToken cancellationToken)
    {
        byte[] bytes = request.Encode(address.Authority);
        bool isFresh = _socket is null;
        RawAnswer? answer = await TrySendAsync(request, bytes, cancellationToken);
        return answer ?? (isFresh ? null : await TrySendAsync(request, bytes, cancellationToken)) ?? await TrySendAsync(request, bytes, cancellationToken);
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
        _start = _end = 0;
    }

    private async Task<RawAnswer?> TrySendAsync(FuzzRequest request, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            if (_socket is null)
            {
                _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await _socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            }

            await SendAsync(_socket, bytes, cancellationToken);
            RawAnswer? answer = await ReadAsync(request.Method, cancellationToken);
            if (answer?.Closes != false)
            {
                Dispose();
            }

            return answer;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            Dispose();
            return null;
        }
        catch (OperationCanceledException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A server that has seen enough answers and reads no further: its answer counts.</summary>
    private static async Task SendAsync(Socket socket, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent), cancellationToken);
            }
        }
        catch (SocketException)
        {
        }
    }

    private async Task<RawAnswer?> ReadAsync(string method, CancellationToken cancellationToken)
    {
        while (true)
        {
            int head;
            while ((head = _buffer.AsSpan(_start, _end - _start).IndexOf(s_endOfHead)) < 0)
            {
                if (!await FillAsync(cancellationToken))
                {
                    return null;
                }
            }

            string[] lines = Encoding.Latin1.GetString(_buffer, _start, head).Split("\r\n");
            _start += head + s_endOfHead.Length;
            int status = int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture);
            if (status < 200)
            {
                continue;
            }

            RawAnswer answer = new(status, [.. lines.Skip(1)]);
            bool hasBody = method != "HEAD" && status is not (204 or 304);
            return hasBody ? answer with { Body = await ReadBodyAsync(answer, cancellationToken) } : answer;
        }
    }

    private async Task<byte[]> ReadBodyAsync(RawAnswer answer, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        if (answer.Find("Transfer-Encoding") is not null)
        {
            int length;
            do
            {
                length = int.Parse(await ReadLineAsync(cancellationToken), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                await CopyAsync(body, length, cancellationToken);
                await ReadLineAsync(cancellationToken);
            }
            while (length > 0);
        }
        else if (answer.Find("Content-Length") is { } length)
        {
            await CopyAsync(body, int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        }

        return body.ToArray();
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            await NeedAsync(cancellationToken);
        }

        string line = Encoding.Latin1.GetString(_buffer, _start, end);
        _start += end + 2;
        return line;
    }

    private async Task CopyAsync(MemoryStream body, int length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            if (_start == _end)
            {
                await NeedAsync(cancellationToken);
            }

            int count = Math.Min(length, _end - _start);
            body.Write(_buffer, _start, count);
            _start += count;
            length -= count;
        }
    }

    private async Task NeedAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(cancellationToken))
        {
            throw new IOException("The connection ended in the middle of an answer.");
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_socket is not { } socket || _end == _buffer.Length)
        {
            throw new IOException("An answer's head is too long.");
        }

        int count = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        return count > 0;
    }
}
