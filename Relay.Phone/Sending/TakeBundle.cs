using Relay.Phone.State;
using Relay.Shared.Devices;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Sending;

/// <summary>Gets the keys to open a session with; each call spends some of the other side's.</summary>
internal sealed class TakeBundle(PhoneStore store, TransportClient transport)
{
    internal static PhoneException BadKeys(SessionOutcome outcome) => new($"The keys published for that number can't be used ({outcome}).");

    internal async Task<TransportResult<BundleResponse>> ExecuteAsync(PhoneNumber of, CancellationToken cancellationToken)
    {
        DeviceCredential credential = await store.ReadAsync(data => data.ToCredential(), cancellationToken);
        return await transport.TakeBundleAsync(credential, of, cancellationToken);
    }

    /// <exception cref="PhoneException">They are no keys.</exception>
    internal static PreKeyBundle Read(BundleResponse response) =>
        PublishedBundle.TryRead(response, out PreKeyBundle? bundle) ? bundle : throw BadKeys(SessionOutcome.BadKey);
}
