using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json;

namespace Relay.Benchmarks.Sections;

/// <summary>
/// Steps per second of Signal's own library, measured just now in a Node.js process of its own (Peer/libsignal-client.mjs). It is a
/// download of ./relay bench and no part of Relay.
/// </summary>
internal sealed record LibsignalRates
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public required string Peer { get; init; }

    public required double Encrypt { get; init; }

    public required double Decrypt { get; init; }

    public required double RoundTrip { get; init; }

    public required double Bundle { get; init; }

    public required double Initiate { get; init; }

    public required double Accept { get; init; }

    private static string Folder => Path.Combine(Repository.Root(), ".relay", "peers", "libsignal-client-0.103.0");

    internal static bool IsInstalled => File.Exists(Path.Combine(Folder, "node_modules", ".relay"));

    internal static async Task<LibsignalRates> MeasureAsync(TimeSpan window, bool asBytes, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("node",
        [
            Path.Combine(Repository.Root(), "Relay.Benchmarks", "Peer", "libsignal-client.mjs"),
            Folder,
            window.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture),
            asBytes ? "bytes" : "objects",
        ])
        { RedirectStandardOutput = true };
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using Process node = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        try
        {
            string line = await node.StandardOutput.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            return node.ExitCode == 0 && JsonSerializer.Deserialize(line, LibsignalJson.Default.LibsignalRates) is { } rates
                ? rates
                : throw new InvalidOperationException($"The measurement of libsignal ended with {node.ExitCode}.");
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill(entireProcessTree: true);
            }
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LibsignalRates))]
internal sealed partial class LibsignalJson : JsonSerializerContext;
