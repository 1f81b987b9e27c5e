using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Client;

/// <summary>Files: sent and fetched as they come, never held as a whole.</summary>
public sealed partial class TransportClient
{
    private static readonly MediaTypeHeaderValue OctetStream = new("application/octet-stream");

    /// <summary>How long the bytes of a file may be on their way up; down, whoever reads them decides.</summary>
    public static readonly TimeSpan AttachmentTime = TimeSpan.FromMinutes(3);

    /// <summary>Leaves encrypted bytes for whoever is told the id. A repeat leaves them twice. What <paramref name="content"/> throws ends it, and then nothing is left.</summary>
    public async Task<TransportResult<AttachmentResponse>> PutAttachmentAsync(DeviceCredential credential, Stream content, CancellationToken cancellationToken)
    {
        StreamContent body = new(content);
        body.Headers.ContentType = OctetStream;
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(_base, "attachments")) { Content = body };
        request.Headers.Authorization = credential.ToHeader();
        return await CallAsync(request, TransportJson.Default.AttachmentResponse, AttachmentTime, cancellationToken);
    }

    /// <summary>The encrypted bytes of an attachment, as they come; the caller disposes of the stream. What it throws is an <see cref="IOException"/> or <see cref="HttpRequestException"/>.</summary>
    public async Task<TransportResult<Stream>> OpenAttachmentAsync(DeviceCredential credential, string id, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Get($"attachments/{Uri.EscapeDataString(id)}", credential);
        HttpResponseMessage? response = null;
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(CallTime);
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType == OctetStream.MediaType)
            {
                Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
                response = null;
                return content;
            }

            await response.Content.LoadIntoBufferAsync(MaxResponseBytes, either.Token);
            byte[] body = await response.Content.ReadAsByteArrayAsync(either.Token);
            TransportResult<AttachmentResponse> answer = TransportAnswer.Read(response, body, TransportJson.Default.AttachmentResponse);
            return answer.IsSuccess ? throw new HttpRequestException("The transport is not available.") : answer.Failure;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The transport did not answer in time.", e);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new HttpRequestException("The connection to the transport broke off.", e);
        }
        finally
        {
            response?.Dispose();
        }
    }
}
