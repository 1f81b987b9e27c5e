using Microsoft.AspNetCore.Http;
using Relay.Functions.Http;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Inbound;

/// <summary>
/// Answers the transport's pushes: 200 is its permission to forget; anything else, 401, 400 and 503 too, makes it try again on its schedule
/// until the envelope's day ends.
/// </summary>
public sealed class PushEndpoint(AcceptEnvelope acceptEnvelope, GraphResults results, TimeProvider time)
{
    public async Task<IResult> RunAsync(HttpRequest request, string businessId, string phoneNumberId, CancellationToken cancellationToken)
    {
        if (!BusinessId.TryParse(businessId, out BusinessId business) || !PhoneNumberId.TryParse(phoneNumberId, out PhoneNumberId number))
        {
            return TypedResults.StatusCode(StatusCodes.Status401Unauthorized);
        }

        try
        {
            if (!(await RequestBody.ReadAsync(request, time, cancellationToken)).TryGet(out ReadOnlyMemory<byte> body, out _))
            {
                return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
            }

            PushVerdict verdict = await acceptEnvelope.ExecuteAsync(
                business,
                number,
                request.Headers[PushSignature.TimestampHeader],
                request.Headers[PushSignature.SignatureHeader],
                body,
                cancellationToken);
            return TypedResults.StatusCode(verdict switch
            {
                PushVerdict.Accepted => StatusCodes.Status200OK,
                PushVerdict.Refused => StatusCodes.Status401Unauthorized,
                PushVerdict.Busy => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status400BadRequest,
            });
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return results.Fault(exception);
        }
    }
}
