namespace Relay.Phone.State;

/// <summary>
/// Held by one process at a time, by an exclusively open file beside the state; the system gives it back when the process ends.
/// The file stays: deleting it would let two processes hold two locks of one name.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    /// <exception cref="PhoneException">Another process held it for five seconds.</exception>
    internal static async Task<StateLock> TakeAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new StateLock(PrivateFile.OpenExclusive(path));
            }
            catch (IOException) when (time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (IOException)
            {
                throw new PhoneException("Another phone is using this state.");
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
