using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Media;
using Relay.Shared.Primitives;

namespace Relay.Functions.Media;

/// <summary>Takes a file as it comes, a bounded number at once. Gives a file to who has its signed address or a token; whether either is good is the operation's to say. Answers bytes, or an error in the Graph's form.</summary>
public sealed class MediaEndpoint(IAuthorize authorize, GraphResults results, TransferSlots slots, TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>Hands on the parts of an upload, unless too many are under way.</summary>
    internal async Task<Result<T, GraphError>> UploadAsync<T>(
        HttpRequest request, Func<IAsyncEnumerable<UploadPart>, CancellationToken, Task<Result<T, GraphError>>> operation, CancellationToken cancellationToken)
        where T : notnull
    {
        if (!slots.TryTake(out IDisposable? slot))
        {
            return GraphErrorCode.TooManyCalls.Because("Too many files are being uploaded at this moment: try again in a few seconds.") with { RetryAfter = RetryAfter };
        }

        using (slot)
        {
            return await operation(UploadParts.ReadAsync(request, time, cancellationToken), cancellationToken);
        }
    }

    public Task<IResult> DownloadAsync(
        HttpRequest request,
        Func<Caller?, MediaAddress, ByteRange?, CancellationToken, Task<Result<MediaDownload, GraphError>>> operation,
        CancellationToken cancellationToken) => results.GuardAsync(
        request,
        async stop =>
        {
            Secret? token = Http.AccessToken.Read(request);
            Caller? caller = null;
            _ = token is not null && (await authorize.ExecuteAsync(token, stop)).TryGet(out caller, out _);
            ByteRange? range = ByteRange.Parse(request.Headers[HeaderNames.Range]);
            Result<MediaDownload, GraphError> result = await operation(caller, ReadAddress(request), range, stop);
            return result.TryGet(out MediaDownload? download, out GraphError? error) ? new MediaAnswer(download, time) : results.Refuse(error);
        },
        cancellationToken);

    private static MediaAddress ReadAddress(HttpRequest request)
    {
        string Member(string name) => request.Query[name] is [{ } value] ? value : string.Empty;
        return new MediaAddress(Member("mid"), Member("biz"), Member("ext"), Member("hash"));
    }
}
