using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Tests.Support;

namespace Relay.Tests.Peers;

/// <summary>
/// Somebody else's Signal implementation in a Node.js process of its own: one line of JSON in, one out (node/peer.mjs). Each answer
/// has its limit, and the process is killed by its id when this is disposed of.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ChildProgram _node;

    private PeerProcess(ChildProgram node)
    {
        _node = node;
    }

    /// <param name="peer">The name of a folder of npm/.</param>
    public static async Task<PeerProcess> StartAsync(string peer)
    {
        string folder = Path.Combine(Repository.Root, ".relay", "peers", peer);
        if (!File.Exists(Path.Combine(folder, "node_modules", ".relay")))
        {
            throw new InvalidOperationException($"{peer} is not installed: run ./relay setup peers");
        }

        string script = Path.Combine(Repository.Root, "Relay.Tests", "Peers", "node", "peer.mjs");
        PeerProcess process = new(ChildProgram.StartTalking("node", new Dictionary<string, string>(), script, folder));
        try
        {
            Answered(await process.AnswerAsync(), "start");
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks, and throws when the peer refuses.</summary>
    public async Task<JsonElement> AskAsync(JsonObject request) => Answered(await TryAsync(request), $"{request["op"]}");

    /// <summary>Asks. A refusal has <c>ok: false</c> and <c>error</c>.</summary>
    public async Task<JsonElement> TryAsync(JsonObject request)
    {
        using CancellationTokenSource limit = new(Limit);
        await _node.WriteAsync(request.ToJsonString(), limit.Token);
        return await AnswerAsync();
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private async Task<JsonElement> AnswerAsync()
    {
        using CancellationTokenSource limit = new(Limit);
        return await _node.ReadAsync(limit.Token);
    }

    private static JsonElement Answered(JsonElement answer, string what) => answer.GetProperty("ok").GetBoolean()
        ? answer
        : throw new InvalidOperationException($"The peer refused to {what}: {answer.GetProperty("error").GetString()}");
}
