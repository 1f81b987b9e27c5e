using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Relay.Shared.Graph;
using Relay.Shared.Hosting;
using Relay.Shared.Primitives;
using Relay.Shared.Telemetry;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Media;

/// <summary>
/// Fetches a file from an address that a business has given, and believes nothing of it: only addresses of the public internet, also after each of at most three
/// redirects, no cookies, no compression, and an end to its time. Every failure is an error about the link.
/// </summary>
public sealed class FetchLink(OutgoingHttp http, WebhookAddressPolicy policy, TimeProvider time)
{
    private const int MaxRedirects = 3;
    private const int Tries = 2;

    /// <summary>For the head of the answer, redirects included.</summary>
    internal static readonly TimeSpan HeadBudget = TimeSpan.FromSeconds(15);

    /// <summary>For all of it.</summary>
    internal static readonly TimeSpan Budget = TimeSpan.FromMinutes(2);

    /// <summary>The answer's body; a failure while it is read is a <see cref="RefusedFileException"/>.</summary>
    internal async Task<Result<LinkedFile, GraphError>> OpenAsync(MediaKind kind, Uri link, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            Result<LinkedFile, GraphError> result = await TryAsync(kind, link, attempt == Tries, cancellationToken);
            if (attempt == Tries || result.Error is not { Code.Retryable: true })
            {
                RelayMetrics.LinkFetches.Add(result.Error is null ? LinkOutcome.Fetched : LinkOutcome.Failed);
                return result;
            }
        }
    }

    private async Task<Result<LinkedFile, GraphError>> TryAsync(MediaKind kind, Uri link, bool isLast, CancellationToken cancellationToken)
    {
        CancellationTokenSource budget = new(Budget, time);
        LinkedFile? opened = null;
        try
        {
            using CancellationTokenSource head = new(HeadBudget, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(head.Token, budget.Token, cancellationToken);
            Uri address = link;
            for (int hop = 0; hop <= MaxRedirects; hop++)
            {
                if (Allowed(address) is not { } allowed)
                {
                    return hop == 0 ? Unusable(kind) : Failed(kind, "it redirects to an address that is not of the public internet");
                }

                HttpResponseMessage response = await SendAsync(allowed, either.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    opened = new LinkedFile(response, await response.Content.ReadAsStreamAsync(either.Token), budget, Failed(kind, "the connection broke off or took longer than two minutes"));
                    return opened;
                }

                using (response)
                {
                    if (Redirect(address, response) is not { } next)
                    {
                        int status = (int)response.StatusCode;
                        return status >= 500 && !isLast ? Again : Failed(kind, $"the server answered with status {status}");
                    }

                    address = next;
                }
            }

            return Failed(kind, $"it redirects more than {MaxRedirects} times");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return isLast || e is OperationCanceledException
                ? Failed(kind, "the server did not answer in time, or its name does not lead to a server on the public internet")
                : Again;
        }
        finally
        {
            if (opened is null)
            {
                budget.Dispose();
            }
        }
    }

    private Task<HttpResponseMessage> SendAsync(Uri address, CancellationToken cancellationToken)
    {
        HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Relay", "1"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        return http.Webhooks.SendAsync(request, cancellationToken);
    }

    /// <summary>As a webhook's address, but http is good enough for what the business has put on the web.</summary>
    private Uri? Allowed(Uri address)
    {
        if (!address.IsAbsoluteUri || address.IsLoopback || address.Scheme != Uri.UriSchemeHttp)
        {
            return policy.Parse(address.IsAbsoluteUri ? WithoutFragment(address).AbsoluteUri : null);
        }

        UriBuilder secure = new(WithoutFragment(address)) { Scheme = Uri.UriSchemeHttps, Port = address.IsDefaultPort ? 443 : address.Port };
        return policy.Parse(secure.Uri.AbsoluteUri) is null ? null : WithoutFragment(address);
    }

    private static Uri WithoutFragment(Uri address) => address.Fragment.Length == 0 ? address : new UriBuilder(address) { Fragment = string.Empty }.Uri;

    /// <summary>Never from https to http.</summary>
    private static Uri? Redirect(Uri from, HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location
        && Uri.TryCreate(from, location, out Uri? to) && (to.Scheme == Uri.UriSchemeHttps || to.Scheme == from.Scheme)
            ? to
            : null;

    internal static GraphError Failed(MediaKind kind, string why) =>
        GraphErrorCode.MediaDownloadFailed.Because($"Downloading the file of {MediaErrors.Name(kind)}.link failed: {why}.");

    private static GraphError Unusable(MediaKind kind) => GraphErrorCode.MediaDownloadFailed.Because(
        $"{MediaErrors.Name(kind)}.link must be an http or https address on its usual port with a host name of the public internet, at most {WebhookAddressPolicy.MaxLength:N0} characters, without user information.");

    /// <summary>Never told: the second try's error is.</summary>
    private static GraphError Again => GraphErrorCode.ServiceUnavailable.Because(string.Empty);
}

/// <summary>The body of a link's answer.</summary>
internal sealed class LinkedFile(HttpResponseMessage response, Stream body, CancellationTokenSource budget, GraphError brokenOff) : ForwardStream
{
    internal string? MimeType => response.Content.Headers.ContentType?.MediaType;

    internal long? DeclaredSize => response.Content.Headers.ContentLength;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        try
        {
            return await body.ReadAsync(buffer, either.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new RefusedFileException(brokenOff);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
            budget.Dispose();
        }

        base.Dispose(disposing);
    }
}
