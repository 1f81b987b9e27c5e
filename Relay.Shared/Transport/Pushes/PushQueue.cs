using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Mailboxes;

namespace Relay.Shared.Transport.Pushes;

/// <summary>Puts references on queue <c>push</c>; none outlives the envelope it is about.</summary>
public sealed class PushQueue(TransportStorage storage, TimeProvider time)
{
    internal Task SendAsync(MailboxEntry entry, int attempt, TimeSpan delay, CancellationToken cancellationToken)
    {
        DateTimeOffset end = new(entry.Day.AddDays(Retention.Days).Date, TimeOnly.MinValue, TimeSpan.Zero);
        TimeSpan life = end - time.GetUtcNow();
        return delay + TimeSpan.FromSeconds(1) >= life
            ? Task.CompletedTask
            : storage.Queues.SendAsync(QueueNames.Push, PushReference.Write(entry, attempt), delay, life, cancellationToken);
    }
}
