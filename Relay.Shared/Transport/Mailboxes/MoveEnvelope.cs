using Relay.Shared.Primitives;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>
/// Brings an envelope to where its recipient looks now: its number has become a business's, or a person's, while it waited. It keeps its
/// handle, day and place in the order. Put first, then removed; one that dies in between and finds the recipient served by then
/// puts it there a second time, and the recipient knows the message by its counter.
/// </summary>
public sealed class MoveEnvelope(NumberHasher hasher, EnvelopeSealer sealer, MailboxStore mailboxes, TransportExpiryIndex expiry)
{
    /// <summary>The envelope in its new place; null when the key of its day was destroyed.</summary>
    internal async Task<MailboxEntry?> ExecuteAsync(MailboxEntry entry, Mailbox to, CancellationToken cancellationToken)
    {
        if (await sealer.OpenMarkedAsync(entry, cancellationToken) is not var (envelope, mark)
            || !PhoneNumber.TryParse(envelope.From, out PhoneNumber? sender)
            || !EnvelopeId.TryParse(envelope.Id, out EnvelopeId id))
        {
            return null;
        }

        string tag = await hasher.TagAsync(await hasher.HashAsync(sender, cancellationToken), id, cancellationToken);
        MailboxEntry moved = entry with
        {
            Mailbox = to,
            Sealed = await sealer.SealAsync(to, entry.Handle, entry.Day, sender, id, mark, envelope.Content, cancellationToken),
        };
        await expiry.NoteAsync(moved.Day, to.Kind, to.Partition, cancellationToken);
        await mailboxes.PutAsync(moved, tag, cancellationToken);
        await mailboxes.RemoveAsync(entry.Mailbox, [entry.Handle], cancellationToken);
        return await mailboxes.FindAsync(to, moved.Handle, cancellationToken);
    }
}
