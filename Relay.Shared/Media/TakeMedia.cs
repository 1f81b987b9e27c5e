using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Media;

/// <summary>
/// Takes a user's file over from the transport: verified, and sealed under the business's key of the day, before anybody is told of it. A message has one file, whatever runs
/// twice or at once.
/// <code>
/// dies after            state left                            recovered by
/// the note              a note                                the same run again: it leads to the same id; else it goes with the conversation
/// the row               note, row that isn't ready            again; else swept when it is due; without its note (an erasure) it goes at once
/// the blob              the same and a blob                   again: the blob is found and stays; else swept with its row
/// the row is ready      all of it                             again: answered from the row
/// </code>
/// </summary>
public sealed class TakeMedia(TransportClient transport, MediaStore store, MediaBlobs blobs, MediaIds ids, MediaUrls urls, TimeProvider time)
{
    /// <summary>The error is one that no repetition mends, told to the business as the message's; what a repetition may mend is thrown.</summary>
    /// <param name="number">Whose user wrote.</param>
    /// <param name="conversation">Where.</param>
    /// <param name="message">The message that the file came with.</param>
    /// <param name="kind">What the message says that it is; null for what isn't known here.</param>
    /// <param name="media">The file as the device describes it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Result<ReceivedMedia, GraphError>> ExecuteAsync(
        BusinessNumber number, ConversationKey conversation, EnvelopeId message, MediaKind? kind, DeviceMedia media, CancellationToken cancellationToken)
    {
        if (!media.Attachment.IsWellFormed)
        {
            return Failed("The message does not say where its file is.");
        }

        if (media.Attachment.Size > MediaLimits.MaxBytes)
        {
            return TooLarge;
        }

        DateTimeOffset now = time.GetUtcNow();
        MediaKey proposed = new(number.Business, MediaLife.End(number, UtcDay.Of(now), now, MediaLimits.ReceivedLife), MediaFileId.Create());
        MediaKey key = await store.BeginReceiptAsync(conversation, message, proposed, cancellationToken);
        if (await store.FindAsync(key, cancellationToken) is { } done && await store.OpenAsync(done, cancellationToken) is { } known)
        {
            return await AnswerAsync(key, known, cancellationToken);
        }

        return key.DueAt <= now ? Gone : await FetchAsync(number, key, new MediaNote(conversation, message.Hex, key), message, media, cancellationToken);
    }

    private async Task<Result<ReceivedMedia, GraphError>> FetchAsync(
        BusinessNumber number, MediaKey key, MediaNote note, EnvelopeId message, DeviceMedia media, CancellationToken cancellationToken)
    {
        DeviceCredential credential = number.Credential ?? throw new InvalidOperationException("A number without credential can't receive.");
        TransportResult<Stream> opened = await transport.OpenAttachmentAsync(credential, media.Attachment.Id, cancellationToken);
        if (!opened.IsSuccess)
        {
            return opened.Code == TransportErrorCode.UnknownAttachment ? Gone : throw new HttpRequestException("The transport refuses for now.");
        }

        await using Stream encrypted = opened.Value;
        MediaFile claimed = new() { MimeType = MimeTypes.Unknown, Sha256 = string.Empty, Size = media.Attachment.Size, Number = number.Id.Value };
        MediaRow row = await store.BeginFileAsync(key, note.Conversation, message, UtcDay.Today(time), claimed, cancellationToken);
        if (!await store.HasNoteAsync(note, cancellationToken))
        {
            // Erased between the note and the row: without its note nobody would find the row again before it is due.
            await store.RemoveAsync(key.Business, key.Row, cancellationToken);
            return Gone;
        }

        await using AttachmentDecryption decrypted = new(encrypted, media.Attachment);
        await using InspectedFile inspected = new(decrypted, static _ => MediaLimits.MaxBytes, static _ => TooLarge);
        using CancellationTokenSource tooLong = new(TransportClient.AttachmentTime, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancellationToken);
        try
        {
            await blobs.PutAsync(number.Business, key.File, row.Day, inspected, either.Token);
        }
        catch (OperationCanceledException) when (tooLong.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The transport gives a file too slowly.");
        }
        catch (Exception e) when (e is AttachmentBrokenException or RefusedFileException)
        {
            await store.RemoveAsync(key.Business, key.Row, cancellationToken);
            await store.RemoveAsync(note, cancellationToken);
            return e is RefusedFileException refused ? refused.Error : Failed("The file that came with the message is damaged: its bytes are not those that the message speaks of. Ask the user to send it again.");
        }

        MediaFile file = claimed with
        {
            MimeType = MimeTypes.Choose(media.MimeType, inspected.Format),
            Sha256 = Convert.ToHexStringLower(inspected.Sha256 ?? throw new InvalidOperationException("A file was stored before its end was read.")),
        };
        if (await store.FinishFileAsync(key, row.Day, file, cancellationToken))
        {
            return await AnswerAsync(key, file, cancellationToken);
        }

        // Erased meanwhile.
        await blobs.DeleteAsync(number.Business, key.File, row.Day, cancellationToken);
        return Gone;
    }

    private async Task<Result<ReceivedMedia, GraphError>> AnswerAsync(MediaKey key, MediaFile file, CancellationToken cancellationToken)
    {
        MediaLocator locator = new(MediaType.Find(file.MimeType), IsReceived: true, key.DueAt, key.File);
        string id = await ids.CreateAsync(key.Business, locator, cancellationToken);
        string url = await urls.CreateAsync(key.Business, id, cancellationToken);
        return new ReceivedMedia(id, file.MimeType, Convert.ToBase64String(Convert.FromHexString(file.Sha256)), file.Size, url);
    }

    private static GraphError TooLarge => Failed($"The file that came with the message is larger than {MediaLimits.Describe(MediaLimits.MaxBytes)}. Ask the user to send a smaller one.");

    private static GraphError Gone => Failed("The file that came with the message is no longer there. Ask the user to send it again.");

    private static GraphError Failed(string details) => GraphErrorCode.MediaDownloadFailed.Because(details);
}
