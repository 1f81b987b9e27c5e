using System.Globalization;
using Microsoft.AspNetCore.Http;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Http;

/// <summary>The only place that turns a result of the transport into a response: one table from code to status.</summary>
internal static class TransportAnswers
{
    internal static readonly TransportFailure Unauthorized = new(TransportErrorCode.Unauthorized, "The credential is missing or wrong.");

    internal static readonly TransportFailure Unavailable = new(TransportErrorCode.Unavailable, "The transport can't do that now; try again.");

    internal static IResult From<T>(HttpRequest request, TransportResult<T> result, Func<T, IResult> success)
        where T : class
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return result.IsSuccess ? success(result.Value) : From(request, result.Failure);
    }

    private static IResult From(HttpRequest request, TransportFailure failure)
    {
        IHeaderDictionary headers = request.HttpContext.Response.Headers;
        int status = StatusOf(failure.Code);
        if (status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "Basic realm=\"transport\", charset=\"UTF-8\"";
        }

        if (failure.RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture);
        }

        return Results.Json(
            new TransportErrorResponse(new TransportError(failure.Code, failure.Message)),
            TransportJson.Default.TransportErrorResponse,
            statusCode: status);
    }

    private static int StatusOf(string code) => code switch
    {
        TransportErrorCode.BadRequest => StatusCodes.Status400BadRequest,
        TransportErrorCode.Unauthorized => StatusCodes.Status401Unauthorized,
        TransportErrorCode.VerificationFailed or TransportErrorCode.TierLimit or TransportErrorCode.Restricted => StatusCodes.Status403Forbidden,
        TransportErrorCode.UnknownNumber or TransportErrorCode.UnknownAttachment or TransportErrorCode.UnknownReport => StatusCodes.Status404NotFound,
        TransportErrorCode.NumberTaken => StatusCodes.Status409Conflict,
        TransportErrorCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
        TransportErrorCode.TooMany => StatusCodes.Status429TooManyRequests,
        TransportErrorCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new InvalidOperationException("A failure has a code outside the closed list."),
    };
}
