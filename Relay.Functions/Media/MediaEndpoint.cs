using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Media;
using Relay.Shared.Primitives;

namespace Relay.Functions.Media;

/// <summary>Gives a file to who has its signed address or a token; whether either is good is the operation's to say. Answers bytes, or an error in the Graph's form.</summary>
public sealed class MediaEndpoint(IAuthorize authorize, GraphResults results)
{
    public async Task<IResult> DownloadAsync(
        HttpRequest request,
        Func<Caller?, MediaAddress, ByteRange?, CancellationToken, Task<Result<MediaDownload, GraphError>>> operation,
        CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        try
        {
            Secret? token = Http.AccessToken.Read(request);
            Caller? caller = null;
            _ = token is not null && (await authorize.ExecuteAsync(token, stop.Token)).TryGet(out caller, out _);
            ByteRange? range = ByteRange.Parse(request.Headers[HeaderNames.Range]);
            Result<MediaDownload, GraphError> result = await operation(caller, ReadAddress(request), range, stop.Token);
            return result.TryGet(out MediaDownload? download, out GraphError? error) ? new MediaAnswer(download) : results.Refuse(error);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return GraphResults.ClientGone();
        }
        catch (Exception exception)
        {
            return results.Fault(exception);
        }
    }

    private static MediaAddress ReadAddress(HttpRequest request)
    {
        string Member(string name) => request.Query[name] is [{ } value] ? value : string.Empty;
        return new MediaAddress(Member("mid"), Member("biz"), Member("ext"), Member("hash"));
    }
}
