using Relay.Shared.Primitives;

namespace Relay.Shared.Transport.Registrations;

/// <summary>
/// The development code sender: prints the code beside the masked number and, if there is a directory, leaves it in a file
/// <c>&lt;directory&gt;/&lt;registrationId&gt;</c> that only its owner may read (mode 0600), for scripts. Never for production.
/// </summary>
public sealed class LocalCodeSender(TextWriter output, string? directory) : IVerificationCodeSender
{
    /// <summary>Codes are sent side by side; a writer is nobody's to share.</summary>
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    public async Task SendAsync(PhoneNumber number, string registrationId, Secret code, CancellationToken cancellationToken)
    {
        if (directory is not null)
        {
            await WriteFileAsync(directory, registrationId, code, cancellationToken);
        }

        await _output.WriteLineAsync($"Verification code for {number}: {code.Reveal()}".AsMemory(), cancellationToken);
    }

    /// <summary>Written aside and renamed, so that a script that waits for the file never reads half a code.</summary>
    private static async Task WriteFileAsync(string directory, string registrationId, Secret code, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, registrationId);
        string temporary = path + ".new";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (StreamWriter writer = new(temporary, options))
        {
            await writer.WriteAsync(code.Reveal().AsMemory(), cancellationToken);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
