using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.PhoneNumbers.QrCodes;

namespace Relay.Functions.PhoneNumbers;

/// <summary>The images of QR codes. They say nothing but the link, so anybody may have them.</summary>
public sealed class QrImageFunctions(DrawQrCode drawQrCode, GraphResults results)
{
    [Function("DrawQrCodeSvg")]
    public Task<IResult> SvgAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/qr_codes/{code}/svg")] HttpRequest request,
        string code,
        CancellationToken cancellationToken) => Task.FromResult(Draw(code, QrImageFormat.Svg, "image/svg+xml"));

    [Function("DrawQrCodePng")]
    public Task<IResult> PngAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/qr_codes/{code}/png")] HttpRequest request,
        string code,
        CancellationToken cancellationToken) => Task.FromResult(Draw(code, QrImageFormat.Png, "image/png"));

    private IResult Draw(string code, QrImageFormat format, string contentType) => drawQrCode.Execute(code, format) is { } image
        ? TypedResults.Bytes(image, contentType)
        : results.Refuse(GraphErrorCode.UnknownObject.Because("That can't be a QR code's code: 14 of A to Z and 2 to 7."));
}
