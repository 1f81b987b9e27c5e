using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Proof;

namespace Relay.Shared.Administration.Tenants;

/// <summary>Businesses as the admin API shows and names them; never a secret.</summary>
public sealed class TenantViews(BusinessStore businesses, NumberStore numbers, TokenStore tokens, AccountDirectory accounts, TimeProvider time)
{
    private const int UsualLimit = 25;
    private const int MaxLimit = 100;

    /// <summary>Those that the caller has a role for.</summary>
    public async Task<Result<ListBusinessesResponse, GraphError>> ListAsync(AdminCaller caller, PageRequest page, CancellationToken cancellationToken)
    {
        if (!page.ReadLimit(UsualLimit, MaxLimit).TryGet(out PageLimit limit, out GraphError? mistake))
        {
            return mistake;
        }

        if (page.After.Length > 0 && !BusinessId.TryParse(page.After, out _))
        {
            return PageRequest.BadAfter;
        }

        IAsyncEnumerable<BusinessId> all = caller.Businesses is { } own
            ? own.Where(one => string.CompareOrdinal(one.Value, page.After) > 0).OrderBy(one => one.Value, StringComparer.Ordinal).Take(limit.Items).ToAsyncEnumerable()
            : businesses.ListAsync(page.After, limit.Items, cancellationToken);
        List<ListedBusiness> found = [];
        BusinessId? last = null;
        int read = 0;
        await foreach (BusinessId id in all)
        {
            (last, read) = (id, read + 1);
            if (await accounts.FindBusinessAsync(id, cancellationToken) is { } business)
            {
                found.Add(new ListedBusiness(id.Value, business.Name.Reveal()));
            }
        }

        return new ListBusinessesResponse(found, read == limit.Items ? last?.Value : null);
    }

    public async Task<Result<ShowBusinessResponse, GraphError>> ShowAsync(BusinessId id, CancellationToken cancellationToken)
    {
        if (await accounts.FindBusinessAsync(id, cancellationToken) is not { } business)
        {
            return Administer.UnknownBusiness;
        }

        DateTimeOffset now = time.GetUtcNow();
        return new ShowBusinessResponse(
            id.Value,
            business.Name.Reveal(),
            business.Waba.Value,
            business.AppId,
            SetSignalPolicy.NamesOf(business.SignalPolicy),
            business.ReplayWindow.Days,
            await numbers.CountAsync(id, cancellationToken),
            await tokens.CountAsync(id, now, cancellationToken),
            business.PreviousAppSecret is { } previous && now < previous.Until ? previous.Until.ToUnixTimeSeconds() : null);
    }

    public async Task<Result<ListWabasResponse, GraphError>> ListWabasAsync(BusinessId id, CancellationToken cancellationToken) =>
        await accounts.FindBusinessAsync(id, cancellationToken) is { } business
            ? new ListWabasResponse([new ListedWaba(business.Waba.Value, await numbers.CountAsync(id, cancellationToken))])
            : Administer.UnknownBusiness;

    public async Task<Result<AdminSuccess, GraphError>> RenameAsync(BusinessId id, RenameBusinessRequest request, CancellationToken cancellationToken)
    {
        if (request.Name is not { Length: > 0 and <= CreateBusiness.MaxName } name)
        {
            return GraphErrorCode.ParameterInvalid.Because($"name must have 1 to {CreateBusiness.MaxName} characters.");
        }

        if (!await businesses.RenameAsync(id, name, cancellationToken))
        {
            return Administer.UnknownBusiness;
        }

        accounts.Forget(id);
        return new AdminSuccess();
    }
}
