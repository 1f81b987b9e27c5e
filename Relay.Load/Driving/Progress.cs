using System.Globalization;

namespace Relay.Load.Driving;

/// <summary>Says on standard error how far a run is, at most once in ten seconds.</summary>
internal sealed class Progress(TextWriter writer)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private TimeSpan _next = Pause;

    public void Say(string text, bool always = false)
    {
        TimeSpan now = TimeProvider.System.GetElapsedTime(_start);
        lock (_gate)
        {
            if (always || now >= _next)
            {
                _next = now + Pause;
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(int)now.TotalMinutes:00}:{now.Seconds:00} {text}"));
            }
        }
    }
}
