using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Relay.Functions.Http;
using Relay.Shared.Media;

namespace Relay.Functions.Media;

/// <summary>
/// A file as an answer: all of it or one part. Whatever it says that it is, no browser runs it: it is to be saved, its type is not to be guessed, and a page of it could do nothing.
/// What fails once it is on its way ends the connection.
/// </summary>
internal sealed class MediaAnswer(MediaDownload download, TimeProvider time) : IResult
{
    private const string DefaultName = "file";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using (download)
        {
            HttpResponse response = httpContext.Response;
            bool isPart = download.Count < download.FileSize;
            response.StatusCode = isPart ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
            response.ContentType = download.MimeType;
            response.ContentLength = download.Count;
            response.Headers.AcceptRanges = "bytes";
            response.Headers.CacheControl = "private, no-store";
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            response.Headers[TraceId.Header] = TraceId.Create().ToString();
            ContentDispositionHeaderValue disposition = new("attachment");
            disposition.SetHttpFileName(download.FileName ?? DefaultName);
            response.Headers.ContentDisposition = disposition.ToString();
            if (isPart)
            {
                response.Headers.ContentRange = new ContentRangeHeaderValue(download.From, download.From + download.Count - 1, download.FileSize).ToString();
            }

            await StreamedAnswer.WriteAsync(httpContext, time, download.WriteAsync);
        }
    }
}
