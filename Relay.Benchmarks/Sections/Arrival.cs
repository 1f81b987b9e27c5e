namespace Relay.Benchmarks.Sections;

/// <summary>Waits for a message at its other end. A lost message ends the run instead of holding it up for ever.</summary>
internal static class Arrival
{
    internal static async Task WithinAMinuteAsync(Task arrived, CancellationToken cancellationToken)
    {
        try
        {
            await arrived.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException("A message did not arrive within a minute.");
        }
    }
}
