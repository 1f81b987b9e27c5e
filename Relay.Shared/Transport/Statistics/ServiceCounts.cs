namespace Relay.Shared.Transport.Statistics;

/// <summary>
/// Counts over all businesses lie as a business's do, under a label that none can have: a user that two businesses message on a day is one user-day. Nobody rates it.
/// </summary>
internal static class ServiceCounts
{
    internal const string Label = "-service";
}
