using Relay.Load.Counting;

namespace Relay.Load.Killing;

/// <summary>How long it took after each kill until everything that had been accepted before it was out.</summary>
/// <param name="Messages">Seconds until every message had come out at the other end, for each kill that had some under way.</param>
/// <param name="Statuses">Seconds until the business had been told of all of them as well.</param>
internal sealed record Recovery(IReadOnlyList<double> Messages, IReadOnlyList<double> Statuses)
{
    public static Recovery Of(Ledger ledger, IReadOnlyCollection<Kill> kills, TimeProvider time)
    {
        List<Passage> accepted = [.. ledger.Passages.Where(passage => passage.Accepted is not null)];
        return new Recovery(
            Seconds(accepted, kills, static passage => passage.Arrived, time),
            Seconds(accepted, kills, passage => Settlement.At(ledger, passage), time));
    }

    private static List<double> Seconds(List<Passage> accepted, IReadOnlyCollection<Kill> kills, Func<Passage, long?> ends, TimeProvider time)
    {
        List<double> seconds = [];
        foreach (Kill kill in kills)
        {
            List<long> late = [.. accepted.Where(passage => passage.Accepted <= kill.At).Select(ends).OfType<long>().Where(end => end > kill.At)];
            if (late.Count > 0)
            {
                seconds.Add(time.GetElapsedTime(kill.At, late.Max()).TotalSeconds);
            }
        }

        return seconds;
    }
}
