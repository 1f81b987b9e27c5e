using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Tallies;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>Decides whether a business may message a user now, from counts alone, and counts what was taken. What a device sends, and a business's receipts, pass.</summary>
public sealed partial class AdmitMessage(StandingStore standings, RecipientWindows windows, CountTraffic traffic, ILogger<AdmitMessage> logger)
{
    /// <summary>Null when it may be taken: then the user is counted, durably where the tier is counted exactly.</summary>
    /// <param name="sender">Who sends.</param>
    /// <param name="user">To whom.</param>
    /// <param name="initiated">One of <see cref="InitiatedBy"/>, or null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async ValueTask<TransportFailure?> CheckAsync(Account sender, NumberHash user, string? initiated, CancellationToken cancellationToken)
    {
        if (initiated != InitiatedBy.Business || sender.CountedFor is not { } business)
        {
            return null;
        }

        BusinessStanding standing = await standings.KnownAsync(business, cancellationToken);
        if (standing.IsRestricted)
        {
            return TransportFailures.Restricted;
        }

        return await windows.TryAddAsync(business, user, standing.Tier, cancellationToken) ? null : TransportFailures.TierLimit;
    }

    /// <summary>Counts a message that was not taken, for the operator's metrics.</summary>
    /// <param name="refusal">Of <see cref="CheckAsync"/>.</param>
    internal static void CountStopped(TransportFailure refusal) =>
        RelayMetrics.Stopped.Add(refusal.Code == TransportErrorCode.Restricted ? StopReason.Restricted : StopReason.TierLimit);

    /// <summary>True when a business has no room left for another user; null otherwise, and for what is not counted.</summary>
    internal bool? IsExhausted(Account sender, string? initiated) =>
        initiated == InitiatedBy.Business && sender.CountedFor is { } business && windows.IsFull(business) ? true : null;

    /// <summary>Counts a message that was taken: once, not its repeats.</summary>
    /// <param name="sender">Who sent it.</param>
    /// <param name="user">To whom.</param>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async ValueTask CountAsync(Account sender, NumberHash user, SendEnvelopeRequest request, CancellationToken cancellationToken)
    {
        if (request.Initiated is not { } initiated || sender.CountedFor is not { } business)
        {
            return;
        }

        try
        {
            await traffic.AddSentAsync(business, user, initiated == InitiatedBy.Business, request.Type == Envelope.PreKey, cancellationToken);
        }
        catch (Exception exception) when (exception is StorageFaultException or SealBrokenException)
        {
            // It was taken: that its count is missing is no reason to say otherwise.
            Log.NotCounted(logger, FaultKind.Of(exception));
        }
    }

    /// <summary>Counts a message for a number that nobody has.</summary>
    internal void CountUndeliverable(Account sender, SendEnvelopeRequest request)
    {
        if (request.Initiated is not null && sender.CountedFor is { } business)
        {
            traffic.AddUndeliverable(business);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3306, LogLevel.Warning, "A message that was taken could not be counted ({Fault}).")]
        internal static partial void NotCounted(ILogger logger, FaultKind fault);
    }
}
