using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Relay.Tests.Support;

/// <summary>
/// The storage emulator with the accounts of the three roles, over eng/azurite/serve.mjs.
/// It ends with this process in any case: serve.mjs stops when its standard input closes.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private static readonly Lazy<Task<AzuriteServer>> Shared = new(StartShared);

    private readonly Process _process;

    private AzuriteServer(Process process, string relayStorage, string transportStorage, string managerStorage)
    {
        _process = process;
        RelayStorage = relayStorage;
        TransportStorage = transportStorage;
        ManagerStorage = managerStorage;
    }

    /// <summary>Connection string of the relay's account.</summary>
    public string RelayStorage { get; }

    /// <summary>Connection string of the transport's account.</summary>
    public string TransportStorage { get; }

    /// <summary>Connection string of the manager's account.</summary>
    public string ManagerStorage { get; }

    /// <summary>The one that all tests of a run share: each takes tables and queues of its own names. Not to be disposed.</summary>
    public static Task<AzuriteServer> SharedAsync() => Shared.Value;

    /// <summary>One of its own, on a folder that keeps accounts and data when it stops.</summary>
    public static Task<AzuriteServer> StartAsync(string location, CancellationToken cancellationToken) =>
        StartAsync(["--location", location], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource limit = new(StopLimit);
        await _process.WaitForExitAsync(limit.Token);
        _process.Dispose();
    }

    private static Task<AzuriteServer> StartShared()
    {
        string location = Directory.CreateTempSubdirectory("relay-tests-").FullName;
        return StartAsync(["--location", location, "--discard", location], CancellationToken.None);
    }

    private static async Task<AzuriteServer> StartAsync(string[] arguments, CancellationToken cancellationToken)
    {
        Process process = new()
        {
            StartInfo = new ProcessStartInfo("node", [Path.Combine(Repository.Root, "eng", "azurite", "serve.mjs"), .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        ConcurrentQueue<string> errors = new();
        process.ErrorDataReceived += (_, line) => errors.Enqueue(line.Data ?? string.Empty);
        try
        {
            process.Start();
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("The storage emulator needs Node.js, which is not on the PATH: run ./relay setup.", missing);
        }

        process.BeginErrorReadLine();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        string? ready = await process.StandardOutput.ReadLineAsync(limit.Token);
        if (ready is null)
        {
            await process.WaitForExitAsync(limit.Token);
            throw new InvalidOperationException($"The storage emulator did not start (./relay setup installs it): {string.Join(' ', errors).Trim()}");
        }

        using JsonDocument accounts = JsonDocument.Parse(ready);
        return new AzuriteServer(process, Account(accounts, "relayStorage"), Account(accounts, "transportStorage"), Account(accounts, "managerStorage"));
    }

    private static string Account(JsonDocument accounts, string name) =>
        accounts.RootElement.GetProperty(name).GetString() ?? throw new InvalidOperationException($"serve.mjs named no {name}.");
}
