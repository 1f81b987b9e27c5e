using System.Globalization;
using System.Security.Cryptography;
using Relay.LocalHost.Split;
using Relay.Shared.Hosting;

namespace Relay.Load.Killing;

/// <summary>All roles in one process.</summary>
internal sealed class HostProcess : IChaosHost
{
    private readonly string _data;
    private readonly ServedProcess _process;

    /// <param name="program">Relay.LocalHost.dll.</param>
    /// <param name="data">Where it keeps keys and codes.</param>
    /// <param name="port">Its port on 127.0.0.1.</param>
    /// <param name="transport">Where its relay finds the transport.</param>
    public HostProcess(string program, string data, int port, Uri transport)
    {
        _data = data;
        (string registrationKey, string operatorKey) = (RandomText(), RandomText());
        _process = new ServedProcess(program, ["--data", data, "--port", port.ToString(CultureInfo.InvariantCulture)], environment =>
        {
            environment[RelaySettings.AdminToken] = AdminToken;
            environment[RelaySettings.RegistrationKey] = registrationKey;
            environment[RelaySettings.OperatorKey] = operatorKey;
            environment[RelaySettings.TransportBaseUrl] = transport.AbsoluteUri;
        });
        Addresses = RoleAddresses.Of(new Uri($"http://127.0.0.1:{port}"));
    }

    public RoleAddresses Addresses { get; }

    public string AdminToken { get; } = RandomText();

    public string Codes => Path.Combine(_data, "codes");

    public IReadOnlyList<string> Processes { get; } = ["host"];

    public Task StartAsync(CancellationToken cancellationToken) => _process.StartAsync(cancellationToken);

    public async Task KillAndStartAsync(int process, CancellationToken cancellationToken)
    {
        await _process.KillAsync();
        await _process.StartAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string RandomText() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
