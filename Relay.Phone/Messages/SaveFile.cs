using Relay.Phone.State;
using Relay.Shared.Primitives;

namespace Relay.Phone.Messages;

/// <summary>Writes the file of a message to disk: whole, or not at all.</summary>
internal static class SaveFile
{
    /// <param name="device">The phone.</param>
    /// <param name="from">Whose message it is.</param>
    /// <param name="message">Which; the latest with a file when null.</param>
    /// <param name="path">Where to; a name of its own in the current folder when null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="PhoneException">There is no such message or file, or something is there already.</exception>
    internal static async Task<string> ExecuteAsync(PhoneDevice device, PhoneNumber from, EnvelopeId? message, string? path, CancellationToken cancellationToken)
    {
        KeptMessage? kept = message is { } id
            ? await device.FindMessageAsync(from, id, cancellationToken)
            : await device.LastMessageAsync(from, isOurs: false, one => AttachedFile.Find(one) is not null, cancellationToken);
        if (kept is null || AttachedFile.Find(kept.Message) is not { } file)
        {
            throw new PhoneException("There is no message with a file: the last 50 of a correspondent are kept.");
        }

        // What others call their file names no folder here.
        string target = path ?? kept.Id + FileType.EndingOf(file.MimeType);
        if (File.Exists(target))
        {
            throw new PhoneException($"There is a file {target} already.");
        }

        string unfinished = target + ".new";
        try
        {
            await using (FileStream stream = new(unfinished, FileMode.Create, FileAccess.Write))
            {
                await device.FetchFileAsync(kept.Message, stream, cancellationToken);
            }

            File.Move(unfinished, target);
            return target;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
