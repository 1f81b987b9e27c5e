using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>
/// Gives a device the envelopes that wait for it, oldest first, and waits for one if there is none. Changes nothing: what isn't
/// acknowledged comes again. What this instance takes ends the waiting at once; for what another one takes it looks again after a pause that
/// doubles up to <see cref="LongestPause"/>. A business's message comes with the token that reports it, as long as it can be reported.
/// </summary>
public sealed partial class FetchEnvelopes(
    MailboxStore mailboxes, EnvelopeSealer sealer, ReportTokens reports, MailboxSignal signal, MailboxLooks looks, TimeProvider time, ILogger<FetchEnvelopes> logger)
{
    internal static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    public async Task<TransportResult<FetchEnvelopesResponse>> ExecuteAsync(
        AuthenticatedDevice device, int waitSeconds, int limit, CancellationToken cancellationToken)
    {
        if (waitSeconds is < 0 or > TransportLimits.MaxWaitSeconds || limit is < 1 or > TransportLimits.MaxEnvelopesPerFetch)
        {
            return TransportFailures.BadRequest("'wait' is 0 to 30 and 'limit' is 1 to 50.");
        }

        DateTimeOffset deadline = time.GetUtcNow() + TimeSpan.FromSeconds(waitSeconds);
        for (TimeSpan pause = looks.First; ; pause = pause < LongestPause ? 2 * pause : pause)
        {
            using MailboxSignal.Subscription arrival = signal.Subscribe(device.Hash);
            FetchEnvelopesResponse response = await ReadAsync(device.Account, limit, cancellationToken);
            TimeSpan left = deadline - time.GetUtcNow();
            if (response.Envelopes.Count > 0 || left <= TimeSpan.Zero)
            {
                return response;
            }

            await arrival.WaitAsync(left < pause ? left : pause, time, cancellationToken);
        }
    }

    private async Task<FetchEnvelopesResponse> ReadAsync(Account recipient, int limit, CancellationToken cancellationToken)
    {
        List<Envelope> envelopes = [];
        int bytes = 0;
        await foreach (MailboxEntry entry in mailboxes.ReadAsync(Mailbox.OfDevice(recipient.Number), limit + 1, cancellationToken))
        {
            if (envelopes.Count == limit || bytes >= TransportLimits.MaxFetchBytes)
            {
                return new FetchEnvelopesResponse(envelopes, More: true);
            }

            if (await OpenAsync(recipient, entry, cancellationToken) is { } envelope)
            {
                envelopes.Add(envelope with { Handle = entry.Handle });
                bytes += envelope.Content.Length;
            }
        }

        return new FetchEnvelopesResponse(envelopes, More: false);
    }

    /// <summary>A row that somebody has tampered with must not hide the ones behind it.</summary>
    private async Task<Envelope?> OpenAsync(Account recipient, MailboxEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            if (await sealer.OpenMarkedAsync(entry, cancellationToken) is not var (envelope, mark))
            {
                return null;
            }

            return mark is { } reportable && entry.Day >= UtcDay.Today(time).AddDays(-ReportMessage.Days)
                ? envelope with { ReportToken = await reports.CreateAsync(recipient, entry, reportable, cancellationToken) }
                : envelope;
        }
        catch (SealBrokenException e)
        {
            Log.Broken(logger, e);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3002, LogLevel.Error, "An envelope in a mailbox does not open; it was left out of a fetch.")]
        public static partial void Broken(ILogger logger, SealBrokenException exception);
    }
}

/// <param name="First">After which pause a waiting fetch first looks for what another instance has taken.</param>
public sealed record MailboxLooks(TimeSpan First);
