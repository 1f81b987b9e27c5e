using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Messaging;
using Relay.Shared.PreKeys;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Maintenance;

/// <summary>Runs <see cref="KeepPreKeys"/>: for every business number by timer, and for one number after a first message has used its keys.</summary>
public sealed partial class KeepPreKeysStocked(
    BusinessStore businesses, NumberStore numbers, KeepPreKeys keepPreKeys, TimeProvider time, ILogger<KeepPreKeysStocked> logger)
{
    /// <summary>How often use of keys makes one instance look at one number.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ShortCache<PhoneNumberId, object> _recent = new(time, Pause, 10_000);

    /// <summary>A number whose keys can't be looked after stops no other.</summary>
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            try
            {
                await foreach (BusinessNumber number in numbers.ListAsync(business, cancellationToken))
                {
                    await TryKeepAsync(number, cancellationToken);
                }
            }
            catch (SealBrokenException e)
            {
                // It is being closed, or somebody has changed a row.
                Log.NotRead(logger, business, FaultKind.Of(e));
            }
        }
    }

    internal async Task AfterUseAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        if (_recent.TryGet(number.Id) is null)
        {
            _recent.Put(number.Id, this);
            await TryKeepAsync(number, cancellationToken);
        }
    }

    private async Task TryKeepAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        if (number.Credential is not { } credential)
        {
            return;
        }

        try
        {
            await keepPreKeys.ExecuteAsync(number.Business, number.Id, number.Identity, credential, cancellationToken);
        }
        catch (Exception e) when (DependencyFaults.IsAway(e) || e is InvalidDataException)
        {
            Log.NotKept(logger, number.Id, FaultKind.Of(e));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(309, LogLevel.Warning, "The numbers of business {Business} can't be opened ({Fault}); their pre-keys are not looked after.")]
        internal static partial void NotRead(ILogger logger, BusinessId business, FaultKind fault);

        [LoggerMessage(304, LogLevel.Warning, "The pre-keys of number {Number} could not be looked after ({Fault}); the next run tries again.")]
        internal static partial void NotKept(ILogger logger, PhoneNumberId number, FaultKind fault);
    }
}
