using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Media;

/// <summary>
/// Makes the file of a message ready for devices: encrypted, left with the transport, and led to by what goes into the Signal message. An uploaded file is left there once
/// and led to again for a week; a linked one is fetched once in ten minutes. May run twice and at once: then a file may lie with the transport twice, and each of the
/// answers is good.
/// </summary>
public sealed class AttachMedia(MediaIds ids, MediaStore store, MediaBlobs blobs, LinkedMedia links, DeviceUploads uploads, TimeProvider time)
{
    /// <summary>How long a file that waits for devices is led to again: what it was left for then has three weeks and more to fetch it.</summary>
    internal static readonly TimeSpan ReuseLife = TimeSpan.FromDays(7);

    private readonly SharedRuns<Result<DeviceMedia, GraphError>> _runs = new();

    /// <summary>The error is one that no repetition mends; what a repetition may mend is thrown.</summary>
    public Task<Result<DeviceMedia, GraphError>> ExecuteAsync(BusinessNumber number, MediaKind kind, MediaSource source, CancellationToken cancellationToken) =>
        source.Link is { } link ? links.AttachAsync(number, kind, link, cancellationToken) : AttachAsync(number, kind, source.Id, cancellationToken);

    private async Task<Result<DeviceMedia, GraphError>> AttachAsync(BusinessNumber number, MediaKind kind, string? id, CancellationToken cancellationToken)
    {
        if (await ids.ReadAsync(number.Business, id, cancellationToken) is not { } locator)
        {
            return MediaErrors.UnknownId(kind);
        }

        if (!locator.CanBe(kind))
        {
            return MediaErrors.WrongKind(kind, locator.Type);
        }

        string run = $"{number.Business.Value}/{locator.File.Hex}/{kind}";
        return await _runs.ExecuteAsync(run, () => AttachAsync(number, kind, locator, cancellationToken), cancellationToken);
    }

    private async Task<Result<DeviceMedia, GraphError>> AttachAsync(BusinessNumber number, MediaKind kind, MediaLocator locator, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (locator.ExpiresAt <= now || await store.FindAsync(MediaKey.Of(number.Business, locator), cancellationToken) is not { } row)
        {
            return MediaErrors.Gone(kind);
        }

        DeviceFile? known = await store.OpenDeviceFileAsync(row, cancellationToken);
        return known is not null && DateTimeOffset.FromUnixTimeSeconds(known.TakenAt) + ReuseLife > now
            ? known.ToMedia()
            : await EncryptAsync(number, kind, row, cancellationToken);
    }

    private async Task<Result<DeviceMedia, GraphError>> EncryptAsync(BusinessNumber number, MediaKind kind, MediaRow row, CancellationToken cancellationToken)
    {
        if (await store.OpenAsync(row, cancellationToken) is not { } file
            || await blobs.OpenAsync(number.Business, row.Key.File, row.Day, file.Size, 0, cancellationToken) is not { } content)
        {
            return MediaErrors.Gone(kind);
        }

        await using (content)
        {
            Result<DeviceFile, GraphError> put = await uploads.PutAsync(
                number, content, () => (file.MimeType, Convert.ToBase64String(Convert.FromHexString(file.Sha256))), cancellationToken);
            if (!put.TryGet(out DeviceFile? device, out GraphError? error))
            {
                return error;
            }

            await store.SetDeviceFileAsync(row, device, cancellationToken);
            return device.ToMedia();
        }
    }
}
