using Relay.Shared.Primitives;

namespace Relay.Phone.Registering;

/// <summary>
/// The local transport's stand-in for a text message: a file in a folder, named after the registration id, that holds the code.
/// Looked for until it is there, 30 seconds at most.
/// </summary>
internal sealed class CodeFolder(string folder, TimeProvider time)
{
    private const int IdLength = 32;
    private const int CodeLength = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    internal async Task<Secret> ReadAsync(string registrationId, CancellationToken cancellationToken)
    {
        // It becomes a file name, and it came over the network.
        if (registrationId.Length != IdLength || !registrationId.All(char.IsAsciiHexDigitLower))
        {
            throw new PhoneException("The transport's registration id isn't one.");
        }

        string path = Path.Combine(folder, registrationId);
        long start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < Patience)
        {
            if (File.Exists(path) && (await File.ReadAllTextAsync(path, cancellationToken)).Trim() is { Length: CodeLength } code)
            {
                return new Secret(code);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        throw new PhoneException("No verification code came. Is --code-dir the folder that the transport writes codes to?");
    }
}
