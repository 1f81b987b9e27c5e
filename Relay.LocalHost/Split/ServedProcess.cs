using System.ComponentModel;
using System.Diagnostics;

namespace Relay.LocalHost.Split;

/// <summary>
/// <c>Relay.LocalHost serve …</c> as a process of its own, started, stopped, killed and started again. It ends with this process, whose pipe it holds.
/// </summary>
public sealed class ServedProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    private readonly Func<ProcessStartInfo> _start;
    private readonly Action<string>? _onError;
    private Process? _process;

    /// <param name="program">Relay.LocalHost.dll.</param>
    /// <param name="arguments">After <c>serve</c>.</param>
    /// <param name="setEnvironment">Changes this process's environment into its own.</param>
    /// <param name="onError">Gets the lines of its standard error; null leaves them to this process's own.</param>
    public ServedProcess(string program, IReadOnlyList<string> arguments, Action<IDictionary<string, string?>> setEnvironment, Action<string>? onError = null)
    {
        _onError = onError;
        _start = () =>
        {
            ProcessStartInfo start = new("dotnet", [program, "serve", .. arguments, "--attached"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = onError is not null,
                UseShellExecute = false,
            };
            setEnvironment(start.Environment);
            return start;
        };
    }

    /// <summary>Null while it doesn't run.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>Returns when it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended, or isn't ready within a minute; its standard error says why.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Process process = Process.Start(_start()) ?? throw new InvalidOperationException("dotnet did not start.");
        _process = process;
        if (_onError is { } onError)
        {
            process.ErrorDataReceived += (_, line) => onError(line.Data ?? string.Empty);
            process.BeginErrorReadLine();
        }

        string? ready = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartTime, cancellationToken);
        if (ready is null)
        {
            throw new InvalidOperationException("A process of Relay's ended instead of starting.");
        }
    }

    /// <summary>Returns its exit code when it ends, whoever ends it.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        Process process = _process ?? throw new InvalidOperationException("It doesn't run.");
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    /// <summary>Lets it finish what it does; kills it if that takes too long.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        process.StandardInput.Close();
        using CancellationTokenSource patience = new(StopTime);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Killed below.
        }

        await KillAsync();
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
}
