using System.Globalization;

namespace Relay.Fuzz.Judging;

/// <summary>Gathers what a run sees.</summary>
internal sealed class Verdicts
{
    /// <summary>A request of at most a few megabytes.</summary>
    private const long MostPerRequest = 100 * 1024 * 1024;

    /// <summary>Between two Relays, above what was alive at first.</summary>
    private const long MostGrowth = 64 * 1024 * 1024;

    private readonly List<Finding> _findings = [];
    private readonly Dictionary<int, int> _answers = [];
    private readonly Dictionary<string, (int Sent, int Taken)> _functions = new(StringComparer.Ordinal);
    private TimeSpan _slowest;
    private long _most;
    private (long First, long Most) _alive;

    public int Found => _findings.Count;

    public void Find(int index, string function, string what, string request) => _findings.Add(new Finding(index, function, what, request));

    public void Note(string function, int status, TimeSpan took, long allocated)
    {
        _answers[status] = _answers.GetValueOrDefault(status) + 1;
        (int sent, int taken) = _functions.GetValueOrDefault(function);
        _functions[function] = (sent + 1, taken + (status is >= 200 and < 300 ? 1 : 0));
        _slowest = took > _slowest ? took : _slowest;
        _most = Math.Max(_most, allocated);
    }

    public void NoteAlive(long bytes) => _alive = _alive.First == 0 ? (bytes, bytes) : (_alive.First, Math.Max(_alive.Most, bytes));

    public FuzzReport Report()
    {
        if (_most > MostPerRequest)
        {
            Find(-1, "memory", string.Create(CultureInfo.InvariantCulture, $"a request allocated {_most:N0} bytes"), string.Empty);
        }

        if (_alive.Most - _alive.First > MostGrowth)
        {
            Find(-1, "memory", string.Create(CultureInfo.InvariantCulture, $"{_alive.Most - _alive.First:N0} bytes more alive than at first"), string.Empty);
        }

        return new FuzzReport { Findings = _findings, Answers = _answers, Functions = _functions, Slowest = _slowest, MostAllocated = _most, Alive = _alive };
    }
}
