using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Relay.Tests.Support;

/// <summary>A program in a process of its own, read line by line. Killed when it is disposed of, whatever happened.</summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Process _process;

    private ChildProgram(Process process)
    {
        _process = process;
    }

    public string Errors => string.Join('\n', _errors);

    /// <summary>One of Relay's programs: they stand beside the tests.</summary>
    public static ChildProgram StartRelays(string name, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start("dotnet", environment, [Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments]);

    public static ChildProgram Start(string file, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ChildProgram program = StartTalking(file, environment, arguments);
        program._process.StandardInput.Close();
        return program;
    }

    /// <summary>One that is told things as well: <see cref="WriteAsync"/>.</summary>
    public static ChildProgram StartTalking(string file, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        ChildProgram program = new(new Process { StartInfo = start });
        program._process.OutputDataReceived += (_, line) => program.TakeLine(line.Data);
        program._process.ErrorDataReceived += (_, line) => program._errors.Enqueue(line.Data ?? string.Empty);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>A line to its standard input.</summary>
    public async Task WriteAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }

    /// <summary>The next line of standard output, as JSON.</summary>
    public async Task<JsonElement> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return JsonDocument.Parse(await _lines.Reader.ReadAsync(cancellationToken)).RootElement;
        }
        catch (Exception failure) when (failure is ChannelClosedException or OperationCanceledException)
        {
            throw new InvalidOperationException($"No further line from {Name}: {Errors}", failure);
        }
    }

    /// <summary>Waits for its end; the lines that nobody has read. Anything but exit code 0 fails.</summary>
    public async Task<IReadOnlyList<string>> EndAsync(CancellationToken cancellationToken)
    {
        List<string> rest = [];
        try
        {
            await foreach (string line in _lines.Reader.ReadAllAsync(cancellationToken))
            {
                rest.Add(line);
            }

            await _process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException late)
        {
            throw new InvalidOperationException($"{Name} did not end: {Errors}\n{string.Join('\n', rest)}", late);
        }

        return _process.ExitCode == 0
            ? rest
            : throw new InvalidOperationException($"{Name} ended with {_process.ExitCode}: {Errors}\n{string.Join('\n', rest)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            using CancellationTokenSource limit = new(KillLimit);
            await _process.WaitForExitAsync(limit.Token);
        }

        _process.Dispose();
    }

    private string Name => Path.GetFileName(_process.StartInfo.ArgumentList[0]);

    private void TakeLine(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
        }
        else
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
