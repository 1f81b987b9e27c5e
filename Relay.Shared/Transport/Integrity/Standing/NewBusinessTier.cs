namespace Relay.Shared.Transport.Integrity.Standing;

/// <param name="Tier">That of a business which no rule and no operator has moved.</param>
public sealed record NewBusinessTier(MessagingTier Tier);
