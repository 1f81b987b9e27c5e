using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Relay.Tests.KeyVault;

/// <summary>
/// What Azure Key Vault does with keys: versions, permitted operations, disabled keys, soft deletion with names that can't be used
/// again. It counts what it is asked. <see cref="EmulatedVaultHandler"/> speaks its protocol.
/// </summary>
internal sealed class EmulatedVault
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, EmulatedKey> _keys = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<VaultCall> _calls = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waits = [];
    private int _rsaKeys;
    private int _inFlight;

    /// <summary>Each has a host of its own: the SDK remembers for the whole process which host asks for which token.</summary>
    public Uri Address { get; } = new($"https://fake{Guid.NewGuid():N}.vault.azure.net/");

    /// <summary>What a call meets; null is nothing.</summary>
    public Func<VaultCall, VaultFault?> Meets { get; set; } = _ => null;

    /// <summary>Every call waits for it before it does anything.</summary>
    public Func<VaultCall, Task> Before { get; set; } = _ => Task.CompletedTask;

    public int Challenges { get; set; }

    public int MostInFlight { get; private set; }

    /// <summary>All calls with a token, those that met a fault included.</summary>
    public int Calls => Count(_ => true);

    public int Count(string operation) => Count(call => call.Operation == operation);

    public int Count(Func<VaultCall, bool> which)
    {
        lock (_gate)
        {
            return _calls.Count(which);
        }
    }

    /// <summary>The names of keys that are there.</summary>
    public IReadOnlyList<string> Names()
    {
        lock (_gate)
        {
            return [.. _keys.Values.Where(key => !key.IsDeleted).Select(key => key.Name).Order(StringComparer.Ordinal)];
        }
    }

    public int Versions(string name)
    {
        lock (_gate)
        {
            return _keys[name].Versions.Count;
        }
    }

    /// <summary>What its youngest version may do.</summary>
    public IReadOnlyList<string> Operations(string name)
    {
        lock (_gate)
        {
            return [.. _keys[name].Versions[^1].Operations.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>An operator makes another version.</summary>
    public void NewVersion(string name)
    {
        lock (_gate)
        {
            EmulatedKeyVersion last = _keys[name].Versions[^1];
            _keys[name].Versions.Add(new EmulatedKeyVersion(
                $"{Address}keys/{name}", last.Key is RSA ? RsaKeys.Take(_rsaKeys++) : ECDsa.Create(ECCurve.NamedCurves.nistP256), last.Operations));
        }
    }

    /// <summary>An operator's switch, for every version.</summary>
    public void SetEnabled(string name, bool enabled)
    {
        lock (_gate)
        {
            _keys[name].Versions.ForEach(version => version.IsEnabled = enabled);
        }
    }

    /// <summary>An operator recovers a key in its soft-delete days.</summary>
    public void Recover(string name) => Do(new VaultCall("recover", name, null, null));

    /// <summary>An operator deletes a key.</summary>
    public void Delete(string name) => Do(new VaultCall("delete", name, null, null));

    /// <summary>The days are over: the key is gone for ever.</summary>
    public void Purge(string name)
    {
        lock (_gate)
        {
            _keys.Remove(name);
        }
    }

    /// <summary>When that many calls wait for their answer.</summary>
    public Task WhenInFlightAsync(int count)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waits.Add((count, reached));
        }

        return reached.Task;
    }

    internal async Task<VaultAnswer> AnswerAsync(VaultCall call)
    {
        Enter(call);
        try
        {
            await Before(call);
            return Meets(call) switch
            {
                null => Do(call),
                VaultFault.Denied => VaultAnswer.Denied($"{Address}keys/{call.Name}"),
                VaultFault.Throttled => VaultAnswer.Throttled(),
                VaultFault.Unavailable => VaultAnswer.Unavailable(),
                VaultFault.AnswerLost when Do(call) is not null => throw new HttpRequestException($"The connection to {Address} broke."),
                _ => throw new HttpRequestException($"No connection to {Address}."),
            };
        }
        finally
        {
            lock (_gate)
            {
                _inFlight--;
            }
        }
    }

    private void Enter(VaultCall call)
    {
        lock (_gate)
        {
            _calls.Add(call);
            MostInFlight = Math.Max(MostInFlight, ++_inFlight);
            foreach ((int count, TaskCompletionSource reached) in _waits.Where(wait => wait.Count == _inFlight))
            {
                reached.TrySetResult();
            }
        }
    }

    private VaultAnswer Do(VaultCall call)
    {
        lock (_gate)
        {
            EmulatedKey? key = _keys.GetValueOrDefault(call.Name);
            return call.Operation switch
            {
                "create" => Create(call, key),
                "recover" when key is { IsDeleted: true } => Recover(key),
                _ when key is null or { IsDeleted: true } => VaultAnswer.NotFound(call.Name),
                "delete" => Delete(key),
                _ when key.Find(call.Version) is { } version => EmulatedOperations.Do(call, version),
                _ => VaultAnswer.NotFound($"{call.Name}/{call.Version}"),
            };
        }
    }

    private VaultAnswer Create(VaultCall call, EmulatedKey? key)
    {
        if (key is { IsDeleted: true })
        {
            return VaultAnswer.Deleted(call.Name);
        }

        AsymmetricAlgorithm? pair = ((string?)call.Body?["kty"], (int?)call.Body?["key_size"], (string?)call.Body?["crv"]) switch
        {
            ("RSA", 3072, _) => RsaKeys.Take(_rsaKeys++),
            ("EC", _, "P-256") => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            _ => null,
        };
        if (pair is null)
        {
            return VaultAnswer.BadParameter;
        }

        if (key is null)
        {
            _keys[call.Name] = key = new EmulatedKey(call.Name);
        }

        string[] operations = [.. call.Body?["key_ops"]?.AsArray().Select(operation => (string?)operation).OfType<string>() ?? []];
        EmulatedKeyVersion version = new($"{Address}keys/{call.Name}", pair, operations);
        key.Versions.Add(version);
        return VaultAnswer.Of(version.ToBundle());
    }

    private VaultAnswer Delete(EmulatedKey key)
    {
        key.IsDeleted = true;
        JsonObject bundle = key.Versions[^1].ToBundle();
        bundle["recoveryId"] = $"{Address}deletedkeys/{key.Name}";
        return VaultAnswer.Of(bundle);
    }

    private static VaultAnswer Recover(EmulatedKey key)
    {
        key.IsDeleted = false;
        return VaultAnswer.Of(key.Versions[^1].ToBundle());
    }
}
