using Relay.Shared.Primitives;

namespace Relay.Shared.Conversations;

/// <summary>How long a business keeps the messages of one of its numbers, where that is shorter than <see cref="Sealing.Retention"/>.</summary>
public interface IRetentionPeriods
{
    /// <summary>Null where nothing shorter is set, and for a number that isn't there.</summary>
    ValueTask<TimeSpan?> FindAsync(BusinessId business, PhoneNumberId number, CancellationToken cancellationToken);
}
