using Relay.Shared.Primitives;

namespace Relay.Shared.Webhooks;

/// <summary>One subscriber's endpoint: what has a breaker, slots and an order of its own, so that none suffers from another.</summary>
public readonly record struct EndpointKey(BusinessId Business, SubscriberId Subscriber);
