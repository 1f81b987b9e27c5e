using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.PhoneNumbers.Registration;

namespace Relay.Functions.PhoneNumbers;

/// <summary>A business proves that it holds a number, by a code. Any version, or none, means the same.</summary>
public sealed class VerificationFunctions(GraphEndpoint endpoint, VerifyNumber verifyNumber)
{
    [Function("RequestCode")]
    public Task<IResult> RequestAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/request_code")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, phoneNumberId, AccountJson.Default.RequestCodeRequest, verifyNumber.RequestAsync, GraphOutput.SuccessResponse, cancellationToken);

    [Function("RequestCodeUnversioned")]
    public Task<IResult> RequestUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/request_code")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => RequestAsync(request, phoneNumberId, cancellationToken);

    [Function("VerifyCode")]
    public Task<IResult> VerifyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/verify_code")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, phoneNumberId, AccountJson.Default.VerifyCodeRequest, verifyNumber.VerifyAsync, AccountOutput.Node, cancellationToken);

    [Function("VerifyCodeUnversioned")]
    public Task<IResult> VerifyUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/verify_code")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => VerifyAsync(request, phoneNumberId, cancellationToken);
}
