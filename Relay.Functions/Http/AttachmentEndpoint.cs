using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Relay.Shared.Transport.Attachments;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Http;

/// <summary>What the transport's two streamed functions do beyond <see cref="TransportEndpoint"/>: bodies of bytes, in and out, never held.</summary>
public sealed class AttachmentEndpoint(TransportEndpoint endpoint, TransferSlots slots, TimeProvider time)
{
    private const string Bytes = "application/octet-stream";

    private static readonly TransportFailure s_wrongType = new(TransportErrorCode.BadRequest, "The content type is not application/octet-stream.");
    private static readonly TransportFailure s_tooLarge = new(TransportErrorCode.TooLarge, $"The body is larger than {TransportLimits.MaxAttachmentBytes} bytes.");
    private static readonly TransportFailure s_tooMany = new(TransportErrorCode.TooMany, "Too many attachments are on their way at this moment.", TimeSpan.FromSeconds(10));
    private static readonly TransportFailure s_broken = new(TransportErrorCode.BadRequest, "The body ended early, came too slowly, or is not framed as HTTP demands.");

    /// <summary>Takes a body of bytes from a device.</summary>
    public Task<IResult> PutAsync<TAnswer>(
        HttpRequest request,
        JsonTypeInfo<TAnswer> answer,
        Func<AuthenticatedDevice, Stream, CancellationToken, Task<TransportResult<TAnswer>>> operation,
        CancellationToken cancellationToken)
        where TAnswer : class =>
        endpoint.RunDeviceAsync(request, answer, (device, token) => ReadAsync(request, device, operation, token), cancellationToken);

    /// <summary>Gives bytes to a device. What fails once they are on their way ends the connection.</summary>
    public Task<IResult> GetAsync(
        HttpRequest request, Func<AuthenticatedDevice, CancellationToken, Task<TransportResult<AttachmentContent>>> operation, CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(request, (AttachmentContent content) => new StreamedBytes(content, time), operation, cancellationToken);

    private async Task<TransportResult<TAnswer>> ReadAsync<TAnswer>(
        HttpRequest request,
        AuthenticatedDevice device,
        Func<AuthenticatedDevice, Stream, CancellationToken, Task<TransportResult<TAnswer>>> operation,
        CancellationToken cancellationToken)
        where TAnswer : class
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.MediaType.Equals(Bytes, StringComparison.OrdinalIgnoreCase))
        {
            return s_wrongType;
        }

        if (!slots.TryTake(out IDisposable? slot))
        {
            return s_tooMany;
        }

        using IDisposable taken = slot;
        try
        {
            await using StreamedBody body = StreamedBody.Open(request, TransportLimits.MaxAttachmentBytes, time);
            return await operation(device, body, cancellationToken);
        }
        catch (BrokenBodyException e)
        {
            return e.Outcome == BodyOutcome.TooLarge ? s_tooLarge : s_broken;
        }
    }

    private sealed class StreamedBytes(AttachmentContent content, TimeProvider time) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using (content)
            {
                HttpResponse response = httpContext.Response;
                response.StatusCode = StatusCodes.Status200OK;
                response.ContentType = Bytes;
                response.Headers.CacheControl = "no-store";
                response.Headers.XContentTypeOptions = "nosniff";
                await StreamedAnswer.WriteAsync(httpContext, time, content.WriteAsync);
            }
        }
    }
}
