using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.History;

/// <summary>
/// What Relay hands out to get it back (<see cref="OpaqueForm"/>), under the business's id key, of one purpose and one context. Anybody else's,
/// another purpose's or a forged one doesn't open. It protects places, not content, and has no life of its own.
/// </summary>
public sealed class OpaqueBytes(KeyRing keys)
{
    internal async ValueTask<byte[]> SealAsync(BusinessId business, string purpose, string context, byte[] plain, CancellationToken cancellationToken)
    {
        using KeyLease subkeys = await SubkeysAsync(business, purpose, cancellationToken);
        byte[] bound = Encoding.ASCII.GetBytes(context);
        return OpaqueForm.Seal(subkeys.Reveal(), [.. BitConverter.GetBytes(bound.Length), .. bound, .. plain], plain, bound);
    }

    /// <summary>Null when it isn't one of this business, purpose and context.</summary>
    internal async ValueTask<byte[]?> OpenAsync(BusinessId business, string purpose, string context, byte[] bytes, CancellationToken cancellationToken)
    {
        using KeyLease subkeys = await SubkeysAsync(business, purpose, cancellationToken);
        return OpaqueForm.Open(subkeys.Reveal(), bytes, Encoding.ASCII.GetBytes(context));
    }

    private ValueTask<KeyLease> SubkeysAsync(BusinessId business, string purpose, CancellationToken cancellationToken) =>
        keys.DerivedKeysAsync(business.Value, "ids", purpose, OpaqueForm.KeysSize, cancellationToken);
}
