using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;

namespace Relay.Shared.Hosting;

/// <summary>What an operator sets for the transport. A secret-bearing class: prints nothing.</summary>
public sealed class TransportOptions
{
    /// <summary>Signs the registration of business numbers, and nothing else.</summary>
    public required Secret RegistrationKey { get; init; }

    /// <summary>Signs what an operator asks, <c>operator/</c>. Another than <see cref="RegistrationKey"/>: the relay must not have it.</summary>
    public required Secret OperatorKey { get; init; }

    /// <summary>The messaging tier of a business that no rule and no operator has moved.</summary>
    public MessagingTier FirstTier { get; init; } = MessagingTier.Tier250;

    /// <summary>How much a user's device may do.</summary>
    public DeviceLimits DeviceLimits { get; init; } = new();

    /// <summary>After which pause a waiting fetch first looks for what another instance has taken; what this one takes it is told of at once.</summary>
    public TimeSpan MailboxFirstLook { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the local code sender prints; standard output unless set. Unused when another sender is registered.</summary>
    public TextWriter CodeOutput { get; init; } = Console.Out;

    /// <summary>Where the local code sender leaves each code in a file named by its registration id; nowhere unless set.</summary>
    public string? CodeDirectory { get; init; }
}
