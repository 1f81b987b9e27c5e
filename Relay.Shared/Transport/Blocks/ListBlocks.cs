using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Blocks;

/// <summary>Tells a device which business numbers it blocks.</summary>
public sealed class ListBlocks(UserBlockStore blocks)
{
    public async Task<TransportResult<BlocksResponse>> ExecuteAsync(AuthenticatedDevice device, CancellationToken cancellationToken) =>
        new BlocksResponse(await blocks.ListAsync(device.Account, cancellationToken));
}
