using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Shared.Signal;

namespace Relay.Tests.Peers;

/// <summary>A device on another implementation, whose one correspondent we are.</summary>
internal sealed class PeerDevice : IAsyncDisposable
{
    private const string PreKeyKind = "prekey";

    private readonly PeerProcess _process;
    private readonly bool _kyber;
    private readonly string _name;
    private readonly string _ourName;

    private PeerDevice(PeerProcess process, bool kyber, string name, string ourName)
    {
        _process = process;
        _kyber = kyber;
        _name = name;
        _ourName = ourName;
    }

    /// <param name="peer">The name of a folder of npm/.</param>
    /// <param name="protocol">From version 4 on it publishes Kyber keys.</param>
    /// <param name="name">How it knows itself.</param>
    /// <param name="ourName">How it knows us.</param>
    public static async Task<PeerDevice> StartAsync(string peer, SessionProtocols protocol, string name = "peer", string ourName = "relay")
    {
        PeerDevice device = new(await PeerProcess.StartAsync(peer), protocol != SessionProtocols.X3dh, name, ourName);
        await device.InstallAsync();
        return device;
    }

    /// <summary>New keys and no sessions: the first time, and when the user has a new telephone.</summary>
    public Task InstallAsync() => _process.AskAsync(new JsonObject
    {
        ["op"] = "identity",
        ["local"] = new JsonObject { ["name"] = _name, ["deviceId"] = 1, ["registrationId"] = 7654 },
        ["remote"] = new JsonObject { ["name"] = _ourName, ["deviceId"] = 1 },
    });

    public async Task<PreKeyBundle> PublishAsync(bool oneTime) =>
        PeerBundle.Read(await _process.AskAsync(new JsonObject { ["op"] = "publish", ["oneTime"] = oneTime, ["kyber"] = _kyber }));

    /// <summary>Opens a session; the reason when it refuses to.</summary>
    public async Task<string?> OpenAsync(PreKeyBundle bundle) =>
        Refusal(await _process.TryAsync(new JsonObject { ["op"] = "process", ["bundle"] = PeerBundle.Write(bundle) }));

    public async Task<SignalCiphertext> WriteAsync(byte[] plaintext)
    {
        JsonElement answer = await _process.AskAsync(new JsonObject { ["op"] = "encrypt", ["plaintext"] = Convert.ToBase64String(plaintext) });
        SignalMessageKind kind = answer.GetProperty("kind").GetString() == PreKeyKind ? SignalMessageKind.PreKey : SignalMessageKind.Message;
        return new SignalCiphertext(kind, answer.GetProperty("body").GetBytesFromBase64());
    }

    /// <summary>The plaintext, or the reason why there is none.</summary>
    public async Task<(byte[]? Plaintext, string? Refusal)> ReadAsync(SignalCiphertext message)
    {
        JsonElement answer = await _process.TryAsync(new JsonObject
        {
            ["op"] = "decrypt",
            ["kind"] = message.Kind == SignalMessageKind.PreKey ? PreKeyKind : "message",
            ["body"] = Convert.ToBase64String(message.Bytes),
        });
        return answer.TryGetProperty("plaintext", out JsonElement plaintext) ? (plaintext.GetBytesFromBase64(), null) : (null, Refusal(answer));
    }

    /// <summary>Its user accepts our new identity.</summary>
    public Task TrustAsync(PublicKey identity) =>
        _process.AskAsync(new JsonObject { ["op"] = "trust", ["identityKey"] = Convert.ToBase64String(identity.Serialized) });

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string? Refusal(JsonElement answer) => answer.TryGetProperty("error", out JsonElement error) ? error.GetString() : null;
}
