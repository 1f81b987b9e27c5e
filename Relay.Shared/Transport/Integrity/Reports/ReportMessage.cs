using Relay.Shared.Primitives;
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
/// rep row                    that, rep with its day              finds rep: adds to that day's sketch, if its key still lives
/// sketch                     that, the reporter in the sketch    is in the sketch already; does the rest
/// content kept, answer lost  all                                 keeps the first, nothing changes
/// </code>
/// Of a repeat that comes later than the day after a death between rep row and sketch, the count is lost: better than counted twice. What is attached is kept under the day of
/// the rep row, so that there is one of a message, whenever it comes; what it says is sealed for the operator, and none of it is looked at here.
/// </summary>
public sealed class ReportMessage(
    ReportTokens tokens, ReportStore store, ReportInbox inbox, ReportKeyStore key, ListedBusinesses listed, MailboxStore mailboxes, Complaints complaints, TimeProvider time)
{
    /// <summary>Days after a message's own on which it may be reported.</summary>
    internal const int Days = 7;

    public Task<TransportResult<ReportResponse>> ExecuteAsync(AuthenticatedDevice device, ReportRequest request, CancellationToken cancellationToken) =>
        ExecuteAsync(device, request, business: null, cancellationToken);

    /// <summary>The same, of one business's messages alone where it is named.</summary>
    internal async Task<TransportResult<ReportResponse>> ExecuteAsync(
        AuthenticatedDevice device, ReportRequest request, string? business, CancellationToken cancellationToken)
    {
        if (request.Content is { } attached && await JudgeAsync(attached, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        UtcDay today = UtcDay.Today(time);
        if (await tokens.OpenAsync(device.Account, request.Token, cancellationToken) is not { } message || message.Day < today.AddDays(-Days) || (business ?? message.Business) != message.Business)
        {
            return TransportFailures.UnknownReport;
        }

        await listed.AddAsync(message.Business, cancellationToken);
        await mailboxes.RemoveAsync(Mailbox.OfDevice(device.Hash), [message.Handle], cancellationToken);
        string row = await tokens.RowAsync(message, cancellationToken);
        (UtcDay reported, bool isFirst) = await store.NoteAsync(message, row, today, cancellationToken);
        if (reported >= today.AddDays(-1))
        {
            await complaints.AddAsync(message.Business, device.Hash, reported, cancellationToken);
        }

        if (request.Content is { } content)
        {
            await inbox.KeepAsync(message.Business, row, reported, today, content, cancellationToken);
        }

        return new ReportResponse(isFirst);
    }

    /// <summary>What can't be a padded sealed box was not sealed: a device that sends content in clear is told so, and nothing of it is kept.</summary>
    private async Task<TransportFailure?> JudgeAsync(byte[] content, CancellationToken cancellationToken) =>
        content.Length > TransportLimits.MaxReportBytes ? new TransportFailure(TransportErrorCode.TooLarge, "'content' is larger than what a report may hold.")
        : content.Length <= TransportLimits.ReportSealBytes || (content.Length - TransportLimits.ReportSealBytes) % TransportLimits.ReportStep != 0
            ? TransportFailures.BadRequest("'content' is no sealed box of padded content.")
        : await key.FindAsync(cancellationToken) is null ? TransportFailures.BadRequest("There is no key to seal 'content' for: nothing may be attached.")
        : null;
}
