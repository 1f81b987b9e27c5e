using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Integrity;
using Relay.Shared.Primitives;
using Relay.Shared.Proof;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Administration.Tenants;

/// <summary>The operator's view of how businesses use Relay, and its ways to stop it: asked of the transport, which counts. What it says is counts alone.</summary>
public sealed class TenantIntegrity(TransportClient transport, TransportOperator by, BusinessStandings standings)
{
    private const int UsualLimit = 25;

    public async Task<Result<ListIntegrityResponse, GraphError>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        if (!page.ReadLimit(UsualLimit, ListStandings.MaxLimit).TryGet(out PageLimit limit, out GraphError? mistake))
        {
            return mistake;
        }

        string? after = page.After.Length > 0 ? page.After : null;
        TransportResult<ListStandingsResponse> said = await transport.ListStandingsAsync(by.Signer, limit.Items, after, cancellationToken);
        return said switch
        {
            { IsSuccess: true } => new ListIntegrityResponse([.. said.Value.Standings.Select(ToItem)], said.Value.Next),
            { Failure.Code: TransportErrorCode.BadRequest } => PageRequest.BadAfter,
            _ => NoAnswer,
        };
    }

    public async Task<Result<IntegrityResponse, GraphError>> ShowAsync(BusinessId business, CancellationToken cancellationToken) =>
        Read(await transport.ShowSignalsAsync(by.Signer, business.Value, cancellationToken));

    public async Task<Result<IntegrityResponse, GraphError>> SetAsync(BusinessId business, SetIntegrityRequest request, CancellationToken cancellationToken)
    {
        SetStandingRequest change = new(business.Value) { Restricted = request.Restricted, Tier = request.Tier, TierFixed = request.TierFixed };
        Result<IntegrityResponse, GraphError> answer = Read(await transport.SetStandingAsync(by.Signer, change, cancellationToken));
        standings.Forget(business);
        return answer;
    }

    /// <summary>Tells the transport that a business is closed: it keeps nothing of it. May be repeated.</summary>
    /// <exception cref="HttpRequestException">It is away, or doesn't take it.</exception>
    internal async Task EndAsync(BusinessId business, CancellationToken cancellationToken)
    {
        TransportResult<EndBusinessResponse> said = await transport.EndBusinessAsync(by.Signer, business.Value, cancellationToken);
        standings.Forget(business);
        if (!said.IsSuccess)
        {
            throw new HttpRequestException("The transport doesn't take that a business is closed.");
        }
    }

    private static GraphError NoAnswer => GraphErrorCode.ServiceUnavailable.Because("The transport did not answer this.");

    private static Result<IntegrityResponse, GraphError> Read(TransportResult<SignalsResponse> said) => said switch
    {
        { IsSuccess: true } => ToAnswer(said.Value),
        { Failure.Code: TransportErrorCode.BadRequest } => GraphErrorCode.ParameterInvalid.Because(
            "At least one of restricted, tier and tier_fixed; tier is TIER_250, TIER_2K, TIER_10K, TIER_100K or TIER_UNLIMITED."),
        { Failure.Code: TransportErrorCode.Unauthorized } => GraphErrorCode.ServiceUnavailable.Because(
            "The transport did not believe the call: another change came in between, or the operator key or the clock is another one there. Look at it and repeat it."),
        _ => NoAnswer,
    };

    private static ListedIntegrity ToItem(ListedStanding one) =>
        new(one.Business, one.Tier, one.TierFixed, one.Quality, one.Restricted, one.RedSince, one.HalfUsedAt, one.SetAt);

    private static IntegrityResponse ToAnswer(SignalsResponse said) => new()
    {
        Tier = said.Standing.Tier,
        TierFixed = said.TierFixed,
        TierSince = said.TierSince,
        Quality = said.Standing.Quality,
        RedSince = said.RedSince,
        Restricted = said.Standing.Restricted,
        SetAt = said.SetAt,
        Used = said.Standing.Messaged,
        Exhausted = said.Standing.Exhausted,
        NewRecipientRatio = Ratio(said.Days.Sum(day => day.First), said.Days.Sum(day => day.Initiated)),
        ReplyRatio = Ratio(said.Days.Sum(day => day.Served), said.Days.Sum(day => day.Messaged)),
        UndeliverableRatio = Ratio(said.Days.Sum(day => day.Undeliverable), said.Days.Sum(day => day.Sent + day.Undeliverable)),
        Burst = Ratio(said.SentThisHour, said.UsualPerHour ?? 0),
        SentThisHour = said.SentThisHour,
        UsualPerHour = said.UsualPerHour,
        Days = said.Days,
    };

    /// <summary>To a thousandth; null of nothing.</summary>
    private static double? Ratio(long part, long whole) => whole == 0 ? null : Math.Round((double)part / whole, 3);
}
