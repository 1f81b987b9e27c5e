using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity.Reports;

/// <summary>
/// Takes a user's report of a business's message: counted once, whoever repeats it and wherever it dies. The reporter goes into the sketch of the day alone, whose key dies
/// on the second day after; the envelope goes first, so that nothing is left from which the token could be made again.
/// <code>
/// dies after                 state left                          a repeat
/// listing of the business    a business listed                   does all
/// envelope removed           that; it was the device's already   does the rest
/// content kept               that, content                       keeps the first, does the rest
/// rep row                    that, rep with its day              finds rep: adds to that day's sketch, if its key still lives
/// sketch, answer lost        all                                 finds rep: is in the sketch already, nothing changes
/// </code>
/// A repeat that comes later than the day after a death between the last two is lost: better than counted twice.
/// </summary>
public sealed class ReportMessage(
    ReportTokens tokens, ReportStore store, StandingStore standings, MailboxStore mailboxes, Complaints complaints, TimeProvider time)
{
    /// <summary>Days after a message's own on which it may be reported.</summary>
    internal const int Days = 7;

    public async Task<TransportResult<ReportResponse>> ExecuteAsync(AuthenticatedDevice device, ReportRequest request, CancellationToken cancellationToken)
    {
        if (request.Content is { Length: > TransportLimits.MaxReportBytes })
        {
            return new TransportFailure(TransportErrorCode.TooLarge, "'content' is larger than what a report may hold.");
        }

        UtcDay today = UtcDay.Today(time);
        if (await tokens.OpenAsync(device.Account, request.Token, cancellationToken) is not { } message || message.Day < today.AddDays(-Days))
        {
            return TransportFailures.UnknownReport;
        }

        await standings.ListAsync(message.Business, cancellationToken);
        await mailboxes.RemoveAsync(Mailbox.OfDevice(device.Hash), [message.Handle], cancellationToken);
        string row = await tokens.RowAsync(message, cancellationToken);
        if (request.Content is { Length: > 0 } content)
        {
            await store.KeepAsync(message, row, today, content, cancellationToken);
        }

        (UtcDay reported, bool isFirst) = await store.NoteAsync(message, row, today, cancellationToken);
        if (reported >= today.AddDays(-1))
        {
            await complaints.AddAsync(message.Business, device.Hash, reported, cancellationToken);
        }

        return new ReportResponse(isFirst);
    }
}
