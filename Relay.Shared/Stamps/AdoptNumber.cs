using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Stamps.Wire;

namespace Relay.Shared.Stamps;

/// <summary>
/// What another stamp's manager asks for: the business becomes this stamp's with the ids and the secret that it has, and its number is registered here. A
/// business that is this stamp's already stays as it is. Each call is taken once, by whatever instance: whoever overheard one brings back no number and no business that went
/// meanwhile. Its caller signs anew to repeat it; a call that never arrived can still be taken within the five minutes in which it is believed.
/// </summary>
public sealed class AdoptNumber(StampOptions options, StampStore stamps, TakenCalls taken, BusinessStore businesses, RecordAccess record, RegisterInStamp registerInStamp)
{
    public async Task<Result<RegisterNumberResponse, GraphError>> ExecuteAsync(
        BusinessId id, AdoptNumberRequest request, DateTimeOffset signed, CancellationToken cancellationToken)
    {
        if (request is not { Number: { } number, Name.Length: > 0, AppSecret.Length: > 0 } || !WabaId.TryParse(request.WabaId, out WabaId waba) || !WabaId.TryParse(request.AppId, out WabaId app))
        {
            return GraphErrorCode.ParameterInvalid.Because("name, waba_id, app_id, app_secret and number are required.");
        }

        if (options.Managers.Find(number.Region) is not null)
        {
            return GraphErrorCode.ParameterInvalid.Because("data_localization_region is not this stamp's: the two settings Manager__Stamps contradict each other.");
        }

        if (RegisterNumber.Read(number) is { Error: { } mistake })
        {
            return mistake;
        }

        if (!await taken.TakeAsync(id, signed, cancellationToken))
        {
            return StampClient.NotBelieved;
        }

        if (await stamps.RecordAsync(id, options.Own, cancellationToken) != options.Own)
        {
            return GraphErrorCode.ParameterInvalid.Because("The numbers of this business are in another stamp.");
        }

        if (await businesses.FindAsync(id, cancellationToken) is not { } known)
        {
            await businesses.AddAsync(
                new Business { Id = id, Waba = waba, AppId = app.Value, Name = new Sensitive<string>(request.Name), AppSecret = new Secret(request.AppSecret) }, cancellationToken);
        }
        else if (known.Waba != waba)
        {
            return GraphErrorCode.UnknownObject.Because("There is another business of that id.");
        }

        await record.ExecuteAsync(id, AccessActor.AnotherStamp, AdminOperation.RegisterNumber, string.Empty, cancellationToken);
        return (await registerInStamp.RegisterHereAsync(id, number, number.Region?.ToUpperInvariant(), cancellationToken)).TryGet(out RegisterNumberResponse? registered, out GraphError? refused)
            ? registered with { BaseUrl = options.PublicBaseUrl.AbsoluteUri.TrimEnd('/') }
            : refused;
    }
}
