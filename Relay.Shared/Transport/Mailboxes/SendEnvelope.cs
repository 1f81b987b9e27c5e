using Relay.Shared.Primitives;
using Relay.Shared.Transport.Blocks;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Pushes;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>
/// Takes one Signal message for a number. One transaction is the acceptance: <c>M</c> (the envelope) and <c>I</c> (the mark that
/// makes a repeat a repeat). Only for a business number a reference on queue <c>push</c> follows. What a business sends to a user who blocks it is taken and
/// dropped.
/// <code>
/// dies after            state left                 recovered by                                    recipient sees
/// tier's count          a user counted             the sender repeats: counted already             nothing, the sender repeats
/// expiry note           a note too many            the sweep finds nothing to delete               nothing, the sender repeats
/// commit, answer lost   M, I                       the sender repeats: I exists, "duplicate"       one
/// commit lands late     M, I after a repeat's try  one of the two inserts I, the other fails whole one
/// commit, no enqueue    M, I, no queue message     the sender repeats: M is there, enqueued again; one
///                                                  or, without a repeat, SweepPushes within 70 min
/// enqueue, answer lost  two queue messages         both name the same attempt: PushEnvelope        one or two pushes
/// </code>
/// </summary>
public sealed class SendEnvelope(
    NumberHasher hasher,
    FindAccount findAccount,
    EnvelopeSealer sealer,
    MailboxStore mailboxes,
    TransportExpiryIndex expiry,
    PushQueue pushes,
    MailboxSignal signal,
    LimitDevices limits,
    AdmitMessage admit,
    UserBlockStore blocks,
    TimeProvider time)
{
    private long _lastTicks;

    public async Task<TransportResult<SendEnvelopeResponse>> ExecuteAsync(
        AuthenticatedDevice sender, SendEnvelopeRequest request, CancellationToken cancellationToken)
    {
        if ((Check(request, out EnvelopeId id) ?? limits.TakeMessage(sender)) is { } failure)
        {
            return failure;
        }

        TransportResult<Account> recipient = await findAccount.AddresseeAsync(request.To, cancellationToken);
        if (!recipient.IsSuccess)
        {
            admit.CountUndeliverable(sender.Account, request);
            return recipient.Failure;
        }

        string tag = await hasher.TagAsync(sender.Hash, id, cancellationToken);
        char lane = await hasher.LaneAsync(sender.Hash, cancellationToken);
        Mailbox mailbox = Mailbox.Of(recipient.Value, lane);
        if (await admit.CheckAsync(sender.Account, recipient.Value.Number, request.Initiated, cancellationToken) is { } refusal)
        {
            // A repeat of what was taken while there was room stays taken.
            if (await mailboxes.WasTakenAsync(mailbox, tag, cancellationToken))
            {
                return new SendEnvelopeResponse(Duplicate: true);
            }

            AdmitMessage.CountStopped(refusal);
            return refusal;
        }

        if (sender.Account.IsBusiness && await blocks.IsBlockedAsync(recipient.Value, sender.Hash, cancellationToken))
        {
            return new SendEnvelopeResponse(Duplicate: false, admit.IsExhausted(sender.Account, request.Initiated));
        }

        MailboxEntry entry = await SealAsync(sender, lane, mailbox, id, request, cancellationToken);
        await expiry.NoteAsync(entry.Day, entry.Mailbox.Kind, entry.Mailbox.Partition, cancellationToken);
        bool added = await mailboxes.AddAsync(entry, tag, cancellationToken);
        if (recipient.Value.IsBusiness)
        {
            await PushAsync(added ? entry : await mailboxes.FindByTagAsync(entry.Mailbox, tag, cancellationToken), cancellationToken);
        }

        signal.Raise(entry.Mailbox.Recipient);
        if (added)
        {
            await admit.CountAsync(sender.Account, recipient.Value.Number, request, cancellationToken);
        }

        return new SendEnvelopeResponse(Duplicate: !added, admit.IsExhausted(sender.Account, request.Initiated));
    }

    private static TransportFailure? Check(SendEnvelopeRequest request, out EnvelopeId id)
    {
        if (!EnvelopeId.TryParse(request.Id, out id))
        {
            return TransportFailures.BadRequest("'id' is not 16 lower-case hex digits.");
        }

        if (request.Type is not (Envelope.Message or Envelope.PreKey))
        {
            return TransportFailures.BadRequest("'type' is neither 'message' nor 'prekey'.");
        }

        if (request.Initiated is not (null or InitiatedBy.Business or InitiatedBy.User))
        {
            return TransportFailures.BadRequest("'initiated' is neither 'business' nor 'user'.");
        }

        return request.Content.Length switch
        {
            0 => TransportFailures.BadRequest("'content' is empty."),
            > TransportLimits.MaxEnvelopeBytes => new TransportFailure(TransportErrorCode.TooLarge, "'content' is larger than an envelope may be."),
            _ => null,
        };
    }

    private async Task<MailboxEntry> SealAsync(
        AuthenticatedDevice sender, char lane, Mailbox mailbox, EnvelopeId id, SendEnvelopeRequest request, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        string handle = EnvelopeHandle.Create(Next(now), lane);
        UtcDay day = new(DateOnly.FromDateTime(now.UtcDateTime));
        return new MailboxEntry
        {
            Mailbox = mailbox,
            Handle = handle,
            ETag = "",
            Type = request.Type,
            Time = now,
            Day = day,
            Sealed = await sealer.SealAsync(mailbox, handle, day, sender.Number, id, MarkOf(sender.Account, mailbox), request.Content, cancellationToken),
            Attempt = 0,
            Due = now,
        };
    }

    /// <summary>A user reports what a business sent; nobody else can be reported.</summary>
    private static ReportMark? MarkOf(Account sender, Mailbox mailbox) =>
        mailbox.Kind == ExpiryKind.Mailbox && sender.CountedFor is { } business ? ReportMark.Create(business) : null;

    /// <summary>Later than any before it in this process, so that what came in order lies in order.</summary>
    private DateTimeOffset Next(DateTimeOffset now)
    {
        while (true)
        {
            long last = Interlocked.Read(ref _lastTicks);
            long next = Math.Max(now.UtcTicks, last + 1);
            if (Interlocked.CompareExchange(ref _lastTicks, next, last) == last)
            {
                return new DateTimeOffset(next, TimeSpan.Zero);
            }
        }
    }

    private Task PushAsync(MailboxEntry? entry, CancellationToken cancellationToken) =>
        entry is null ? Task.CompletedTask : pushes.SendAsync(entry, entry.Attempt, TimeSpan.Zero, cancellationToken);
}
