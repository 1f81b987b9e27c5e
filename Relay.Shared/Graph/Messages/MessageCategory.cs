namespace Relay.Shared.Graph.Messages;

/// <summary>What a message counts as (<c>pricing.category</c>): a template's own category, everything else is service.</summary>
public enum MessageCategory
{
    Service = 0,
    Utility = 1,
    Marketing = 2,
    Authentication = 3,
}
