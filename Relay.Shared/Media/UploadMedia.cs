using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Media;
using Relay.Shared.Primitives;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Media;

/// <summary>
/// <c>POST {phone-number-id}/media</c>: takes a file of a business, sealed as it comes. Needs the permission whatsapp_business_messaging.
/// <code>
/// dies after              state left                        recovered by
/// the note                a row without a file              swept within hours
/// the blob                the same and a blob               swept with its row
/// the file, answer lost   a file whose id nobody has        swept when it is due
/// </code>
/// </summary>
public sealed class UploadMedia(AccountDirectory accounts, MediaStore store, MediaBlobs blobs, MediaIds ids, TimeProvider time)
{
    /// <summary>Longer than any upload takes.</summary>
    internal static readonly TimeSpan PendingLife = TimeSpan.FromHours(1);

    private const string Product = "whatsapp";
    private const int MinTtl = 60;
    private const int MaxTtl = 43_200;

    /// <param name="caller">Who uploads.</param>
    /// <param name="number">For which number.</param>
    /// <param name="parts">In whatever order; each is done with before the next is asked for.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Result<MediaIdReply, GraphError>> ExecuteAsync(
        Caller caller, PhoneNumberId number, IAsyncEnumerable<UploadPart> parts, CancellationToken cancellationToken)
    {
        if (!(await accounts.FindNumberAsync(caller, number, AccessScopes.Messaging, cancellationToken)).TryGet(out BusinessNumber? found, out GraphError? error))
        {
            return error;
        }

        UploadForm form = new();
        ReceivedUpload? upload = null;
        try
        {
            await foreach (UploadPart part in parts.WithCancellation(cancellationToken))
            {
                if (part.Content is null)
                {
                    form.Set(part.Name, part.Value);
                }
                else if (part.Name != "file" || upload is not null)
                {
                    return await RefuseAsync(upload, GraphErrorCode.InvalidParameter.Because("The form must hold exactly one file, in the part named file."), cancellationToken);
                }
                else
                {
                    upload = await ReceiveAsync(found, part, form, cancellationToken);
                }
            }
        }
        catch (RefusedFileException e)
        {
            return await RefuseAsync(upload, e.Error, cancellationToken);
        }

        if ((form.Check(Product, MinTtl, MaxTtl) ?? (upload is null ? NoFile : upload.Disagrees(form.Type))) is { } mistake)
        {
            return await RefuseAsync(upload, mistake, cancellationToken);
        }

        return upload is null ? NoFile : await FinishAsync(found, upload, form, cancellationToken);
    }

    /// <summary>Notes, then seals the file; throws what is wrong with it.</summary>
    private async Task<ReceivedUpload> ReceiveAsync(BusinessNumber number, UploadPart part, UploadForm form, CancellationToken cancellationToken)
    {
        string? declared = MimeTypes.Clean(part.ContentType) is { } own && own != MimeTypes.Unknown ? own : MimeTypes.Clean(form.Type);
        if (declared is not null && MediaType.Find(declared) is null)
        {
            throw new RefusedFileException(MediaErrors.NotAccepted(declared));
        }

        DateTimeOffset now = time.GetUtcNow();
        UtcDay day = UtcDay.Of(now);
        MediaKey pending = new(number.Business, MediaKey.Ceiling(now + PendingLife), MediaFileId.Create());
        while (!await store.BeginUploadAsync(pending, day, cancellationToken))
        {
            pending = pending with { File = MediaFileId.Create() };
        }

        MediaType? type = MediaType.Find(declared);
        await using InspectedFile inspected = new(
            part.Content ?? Stream.Null,
            format =>
            {
                type ??= MediaType.Of(format);
                return type is null ? MediaErrors.NotAccepted(MimeTypes.Unknown)
                    : type.Is(format) ? MediaLimits.MaxBytesOf(type.Kind, format)
                    : MediaErrors.WrongContent(type.Name, format);
            },
            limit => MediaErrors.TooLarge(limit, $"a file of type {type?.Name}"));
        ReceivedUpload upload = new(pending, day);
        try
        {
            await blobs.PutAsync(number.Business, pending.File, day, inspected, cancellationToken);
        }
        catch (RefusedFileException)
        {
            await store.RemoveAsync(number.Business, pending.Row, cancellationToken);
            throw;
        }

        return upload with { Type = type, IsDeclared = declared is not null, Format = inspected.Format, Size = inspected.Size, Sha256 = inspected.Sha256, FileName = part.FileName };
    }

    private async Task<Result<MediaIdReply, GraphError>> FinishAsync(BusinessNumber number, ReceivedUpload upload, UploadForm form, CancellationToken cancellationToken)
    {
        if (upload is not { Type: { } type, Sha256: { } sha256 })
        {
            throw new InvalidOperationException("An upload was stored before it was known.");
        }

        DateTimeOffset now = time.GetUtcNow();
        TimeSpan life = form.TtlMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : MediaLimits.UploadLife;
        MediaKey final = upload.Pending with { DueAt = MediaLife.End(number, upload.Day, now, life) };
        MediaFile file = new()
        {
            MimeType = type.Name,
            Sha256 = Convert.ToHexStringLower(sha256),
            Size = upload.Size,
            Number = number.Id.Value,
            FileName = FileNames.Clean(upload.FileName),
        };
        if (!await store.FinishUploadAsync(upload.Pending, final, upload.Day, file, cancellationToken))
        {
            return MediaErrors.TookTooLong;
        }

        RelayMetrics.MediaBytes.Add(MediaDirection.Uploaded, upload.Size);
        return new MediaIdReply(await ids.CreateAsync(number.Business, new MediaLocator(type, IsReceived: false, final.DueAt, final.File), cancellationToken));
    }

    /// <summary>What was stored already goes, best at once; else it is swept.</summary>
    private async Task<GraphError> RefuseAsync(ReceivedUpload? upload, GraphError error, CancellationToken cancellationToken)
    {
        if (upload is not null)
        {
            await blobs.DeleteAsync(upload.Pending.Business, upload.Pending.File, upload.Day, cancellationToken);
            await store.RemoveAsync(upload.Pending.Business, upload.Pending.Row, cancellationToken);
        }

        return error;
    }

    private static GraphError NoFile => GraphErrorCode.InvalidParameter.Because("The parameter file is required: send the file as the part named file of a multipart/form-data body.");

    /// <summary>A file that is stored and not yet one of the business's.</summary>
    private sealed record ReceivedUpload(MediaKey Pending, UtcDay Day)
    {
        internal MediaType? Type { get; init; }

        internal bool IsDeclared { get; init; }

        internal FileFormat Format { get; init; }

        internal long Size { get; init; }

        internal byte[]? Sha256 { get; init; }

        internal string? FileName { get; init; }

        /// <summary>A field <c>type</c> that came after a file without a type of its own.</summary>
        internal GraphError? Disagrees(string? type) =>
            IsDeclared || MimeTypes.Clean(type) is not { } named || named == MimeTypes.Unknown ? null
                : MediaType.Find(named) is not { } found ? MediaErrors.NotAccepted(named)
                : found.Is(Format) ? null
                : MediaErrors.WrongContent(named, Format);

        public override string ToString() => nameof(ReceivedUpload);
    }
}
