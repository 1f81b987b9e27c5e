namespace Relay.Shared.RoleCalls;

/// <summary>
/// Believes a call between roles once: signed by a key of theirs, for this audience, path and body, at most <see cref="RoleSignature.Tolerance"/> ago or
/// ahead, with a nonce that this instance has not seen. Another instance has not seen it either: an operation that a repeat could harm keeps the time
/// of the last call with what it changes and refuses an older one, or the times of all that might still be believed.
/// </summary>
public sealed class RoleCallGuard(RoleKeys keys, TimeProvider time)
{
    /// <summary>Only genuine calls get in; beyond it nothing is believed until some are old.</summary>
    private const int MaxRemembered = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);

    /// <summary>Whether the body is worth reading.</summary>
    public bool MayBeGenuine(string? header) => RoleSignature.TryParse(header, out RoleSignature? signature) && IsFresh(signature);

    /// <summary>When the call was signed, or null if it is not to be believed. The same header is believed once.</summary>
    public DateTimeOffset? Believe(string? header, RoleCall call, ReadOnlySpan<byte> body)
    {
        if (!RoleSignature.TryParse(header, out RoleSignature? signature) || !IsFresh(signature))
        {
            return null;
        }

        bool genuine = false;
        foreach (byte[] key in keys.Believed)
        {
            genuine |= signature.IsBy(key, call, body);
        }

        return genuine && IsFirst(signature) ? DateTimeOffset.FromUnixTimeMilliseconds(signature.Time) : null;
    }

    private bool IsFresh(RoleSignature signature) => Math.Abs(Now() - (decimal)signature.Time) <= (decimal)RoleSignature.Tolerance.TotalMilliseconds;

    private bool IsFirst(RoleSignature signature)
    {
        lock (_gate)
        {
            if (_seen.Count >= MaxRemembered)
            {
                long oldest = Now() - (long)RoleSignature.Tolerance.TotalMilliseconds;
                foreach (string old in _seen.Where(seen => seen.Value < oldest).Select(seen => seen.Key).ToList())
                {
                    _seen.Remove(old);
                }
            }

            return _seen.Count < MaxRemembered && _seen.TryAdd(signature.Nonce, signature.Time);
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
