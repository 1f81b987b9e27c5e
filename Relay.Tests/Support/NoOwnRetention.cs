using Relay.Shared.Conversations;
using Relay.Shared.Primitives;

namespace Relay.Tests.Support;

/// <summary>Every number keeps its messages as long as all else.</summary>
internal sealed class NoOwnRetention : IRetentionPeriods
{
    public ValueTask<TimeSpan?> FindAsync(BusinessId business, PhoneNumberId number, CancellationToken cancellationToken) => new((TimeSpan?)null);
}
