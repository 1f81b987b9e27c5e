using System.Diagnostics;
using System.Text.Json;
using Relay.LocalHost.Running;

namespace Relay.LocalHost.Demonstration;

/// <summary>A user's device: the real Relay.Phone in a process of its own.</summary>
internal sealed class PhoneProcess(string program, Uri transport, DataFolder folder)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private string State => Path.Combine(folder.Path, "phone", "phone.state");

    /// <summary>Runs one command and gives its lines of JSON.</summary>
    public async Task<IReadOnlyList<JsonElement>> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        string[] all = [program, arguments[0], "--transport", transport.AbsoluteUri.TrimEnd('/'), "--state", State, .. arguments[1..]];
        ProcessStartInfo start = new("dotnet", all) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using Process process = Process.Start(start) ?? throw new DemoException("the phone did not start");
        process.StandardInput.Close();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
        string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0)
        {
            throw new DemoException($"the phone's '{arguments[0]}' ended with {process.ExitCode}: {(await errors).Trim()}");
        }

        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
