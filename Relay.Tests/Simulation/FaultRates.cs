using Relay.Tests.Support;

namespace Relay.Tests.Simulation;

/// <summary>How often, in a thousand calls, each kind of fault strikes.</summary>
/// <param name="Each">503, 500, 429, and a missing answer: each of the four.</param>
/// <param name="Crash">A process dies at the call.</param>
/// <param name="Twice">A queue message is delivered twice, or out of order.</param>
internal sealed record FaultRates(int Each, int Crash, int Twice)
{
    public static readonly FaultRates None = new(0, 0, 0);

    private static readonly SimulatedFault[] NoAnswer = [SimulatedFault.RequestLost, SimulatedFault.ReplyLost, SimulatedFault.LandsLate];

    /// <summary>What this call meets.</summary>
    public SimulatedFault Draw(SeededRandom random, bool isRead)
    {
        int at = random.Below(1000);
        SimulatedFault noAnswer = isRead ? SimulatedFault.RequestLost : NoAnswer[random.Below(NoAnswer.Length)];
        return at switch
        {
            _ when at < Each => SimulatedFault.Unavailable,
            _ when at < 2 * Each => SimulatedFault.ServerError,
            _ when at < 3 * Each => SimulatedFault.Throttled,
            _ when at < 4 * Each => noAnswer,
            _ when at < (4 * Each) + Crash => random.Chance(50) ? SimulatedFault.CrashBefore : SimulatedFault.CrashAfter,
            _ => SimulatedFault.None,
        };
    }
}
