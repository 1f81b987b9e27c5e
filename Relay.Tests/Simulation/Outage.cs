namespace Relay.Tests.Simulation;

/// <summary>What is away for an hour.</summary>
internal enum Outage
{
    Tables,
    Queues,
    TablesAndQueues,
    Vault,
    Transport,
    Endpoint,
}

/// <summary>Which calls that concerns: of the workers, since devices are not ours.</summary>
internal static class OutageCalls
{
    public static bool Covers(this Outage outage, SimulatedCall call) => call.Process.Name.StartsWith("relay-", StringComparison.Ordinal) && outage switch
    {
        Outage.Tables => call.Name.StartsWith("table:", StringComparison.Ordinal),
        Outage.Queues => call.Name.StartsWith("queue:", StringComparison.Ordinal),
        Outage.TablesAndQueues => Outage.Tables.Covers(call) || Outage.Queues.Covers(call),
        Outage.Vault => call.Name.StartsWith("vault:", StringComparison.Ordinal),
        Outage.Transport => call.Name == "http:transport",
        _ => call.Name == "http:business",
    };
}
