using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Moves every business's long-lived keys, and the operator's, to this month's key-encryption key and destroys those of dead months. A business whose turn fails
/// holds up no other; the next run takes it up again.
/// </summary>
public sealed partial class RotateKeys(BusinessStore businesses, RelayKeys keys, TimeProvider time, ILogger<RotateKeys> logger)
{
    /// <summary>Within the host's limit of five minutes for a function.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset end = time.GetUtcNow() + MaxTime;
        int wrapped = 0;
        await foreach (BusinessId business in TenantsAsync(cancellationToken))
        {
            if (time.GetUtcNow() >= end)
            {
                // What was done is remembered, so the next run gets further.
                break;
            }

            try
            {
                wrapped += await keys.Ring.RotateAsync(business.Value, cancellationToken);
            }
            catch (Exception e) when (DependencyFaults.IsAway(e))
            {
                Log.NotRotated(logger, business, FaultKind.Of(e));
            }
        }

        if (wrapped > 0)
        {
            Log.Rotated(logger, wrapped);
        }
    }

    /// <summary>The operator too, once something of it is sealed.</summary>
    private async IAsyncEnumerable<BusinessId> TenantsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await keys.Ring.FindStoredAsync(OperatorTenant.Id.Value, Sealer.LongLivedKey, cancellationToken) is not null)
        {
            yield return OperatorTenant.Id;
        }

        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            yield return business;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(314, LogLevel.Information, "{Count} long-lived keys are wrapped under this month's key-encryption keys.")]
        internal static partial void Rotated(ILogger logger, int count);

        [LoggerMessage(315, LogLevel.Error, "The keys of business {Business} could not be moved to this month's key-encryption key ({Fault}); the next run tries again.")]
        internal static partial void NotRotated(ILogger logger, BusinessId business, FaultKind fault);
    }
}
