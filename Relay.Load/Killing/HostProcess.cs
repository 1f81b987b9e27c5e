using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Relay.Shared.Hosting;

namespace Relay.Load.Killing;

/// <summary>
/// <c>Relay.LocalHost serve</c> as a process of its own, on one port and one data folder however often it is killed and started. It
/// ends with this process, whose pipe it holds.
/// </summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _program;
    private readonly string _data;
    private readonly Uri? _transport;
    private readonly string _operatorKey = RandomText();
    private Process? _process;

    /// <param name="program">Relay.LocalHost.dll.</param>
    /// <param name="data">Where it keeps keys and codes.</param>
    /// <param name="port">Its port on 127.0.0.1.</param>
    /// <param name="transport">Where its relay finds the transport; itself when null.</param>
    public HostProcess(string program, string data, int port, Uri? transport)
    {
        (_program, _data, _transport) = (program, data, transport);
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Address { get; }

    public string AdminToken { get; } = RandomText();

    /// <summary>Where verification codes are left.</summary>
    public string Codes => Path.Combine(_data, "codes");

    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket.LocalEndPoint is IPEndPoint { Port: var port } ? port : throw new InvalidOperationException("No port is free.");
    }

    /// <summary>Returns when it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended, or isn't ready within a minute; its standard error says why.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("dotnet", [_program, "serve", "--data", _data, "--port", Address.Port.ToString(CultureInfo.InvariantCulture), "--attached"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment[RelaySettings.AdminToken] = AdminToken;
        start.Environment[RelaySettings.OperatorKey] = _operatorKey;
        if (_transport is not null)
        {
            start.Environment[RelaySettings.TransportBaseUrl] = _transport.AbsoluteUri;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        string? ready = await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken);
        if (ready is null)
        {
            throw new InvalidOperationException("The host ended instead of starting.");
        }
    }

    /// <summary>SIGKILL: nothing of it gets to run again. Returns when it is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        _process = null;
        try
        {
            process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It had ended by itself.
        }

        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private static string RandomText() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
