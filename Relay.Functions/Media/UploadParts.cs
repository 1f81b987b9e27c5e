using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Media;

namespace Relay.Functions.Media;

/// <summary>
/// Takes an upload's form apart as it comes: the query's fields, then the parts in their order, none of a file held. What is wrong with the form is a
/// <see cref="RefusedFileException"/>.
/// </summary>
internal static class UploadParts
{
    /// <summary>Of a request: the largest file, and the rest of the form.</summary>
    private const long MaxBytes = MediaLimits.MaxBytes + (1024 * 1024);

    private const int MaxParts = 64;
    private const int MaxFieldBytes = 4 * 1024;
    private const int MaxPartHeaders = 8;
    private const int MaxPartHeaderBytes = 4 * 1024;
    private const int MaxBoundary = 70;
    private const int BufferSize = 64 * 1024;
    private const string FilePart = "file";

    internal static async IAsyncEnumerable<UploadPart> ReadAsync(HttpRequest request, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        MultipartReader reader = Open(request, time);
        foreach (FormField field in FormFields.ReadQuery(request))
        {
            yield return UploadPart.Field(field.Name, field.Value);
        }

        for (int parts = 0; await NextAsync(reader, cancellationToken) is { } section; parts++)
        {
            if (parts == MaxParts)
            {
                throw Refused($"The form has more than {MaxParts} parts.");
            }

            ContentDispositionHeaderValue disposition = section.GetContentDispositionHeader() is { } given && given.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
                ? given
                : throw Refused("Each part of the form must be a field with a name: Content-Disposition: form-data; name=\"…\".");
            string name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? string.Empty;
            string? fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
            yield return name == FilePart || fileName is not null
                ? UploadPart.File(name, new PartStream(section.Body), section.ContentType, fileName)
                : UploadPart.Field(name, await ReadFieldAsync(section, cancellationToken));
        }
    }

    private static MultipartReader Open(HttpRequest request, TimeProvider time)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw Refused("An upload must be multipart/form-data with the parts file, type and messaging_product.");
        }

        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw Refused("The request body must not have a Content-Encoding.");
        }

        string? boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (boundary is null or { Length: 0 or > MaxBoundary })
        {
            throw Refused($"multipart/form-data needs a boundary of 1 to {MaxBoundary} characters.");
        }

        try
        {
            return new MultipartReader(boundary, StreamedBody.Open(request, MaxBytes, time), BufferSize)
            {
                HeadersCountLimit = MaxPartHeaders,
                HeadersLengthLimit = MaxPartHeaderBytes,
            };
        }
        catch (BrokenBodyException e)
        {
            throw Refused(e);
        }
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception e) when (PartStream.IsBroken(e))
        {
            throw Refused(e);
        }
    }

    private static async Task<string> ReadFieldAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxFieldBytes + 1];
        await using PartStream part = new(section.Body);
        int count = await part.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return count <= MaxFieldBytes ? Encoding.UTF8.GetString(buffer, 0, count) : throw Refused($"A field of the form is longer than {MaxFieldBytes} bytes.");
    }

    internal static RefusedFileException Refused(Exception broken) => broken is BrokenBodyException { Outcome: var outcome }
        ? outcome switch
        {
            BodyOutcome.TooLarge => Refused("The request body is larger than 101 MB."),
            BodyOutcome.Late => Refused("The request body came too slowly: it paused for 30 seconds or took longer than 4 minutes."),
            _ => Refused("The request body ended early, or is not framed as HTTP demands."),
        }
        : Refused("The request body is not well-formed multipart/form-data, or it ended early.");

    private static RefusedFileException Refused(string details) => new(GraphErrorCode.InvalidParameter.Because(details));
}
