using Relay.Shared.Accounts;
using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Paging;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Profile;

/// <summary><c>whatsapp_business_profile</c>: what a business says of itself at one of its numbers. Needs the permission whatsapp_business_management.</summary>
public sealed class NumberProfile(AccountDirectory accounts, DetailStore details)
{
    public async Task<Result<NodeList, GraphError>> GetAsync(Caller caller, PhoneNumberId id, string fields, CancellationToken cancellationToken)
    {
        if ((await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        if (!BusinessProfile.View.Select(fields).TryGet(out FieldSelection? selection, out GraphError? mistake))
        {
            return mistake;
        }

        BusinessProfile? profile = await details.FindAsync(caller.Business, DetailRows.Profile(id), BusinessProfileJson.Default.BusinessProfile, cancellationToken);
        return new NodeList([BusinessProfile.View.Show(profile ?? new BusinessProfile(), selection)]);
    }

    public async Task<Result<SuccessResponse, GraphError>> SetAsync(Caller caller, PhoneNumberId id, ProfileRequest request, CancellationToken cancellationToken)
    {
        if ((await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        if (ProfileRules.Check(request) is { } mistake)
        {
            return mistake;
        }

        await details.ChangeAsync(
            caller.Business,
            DetailRows.Profile(id),
            BusinessProfileJson.Default.BusinessProfile,
            before => new(ProfileRules.Apply(before ?? new BusinessProfile(), request)),
            cancellationToken);
        return new SuccessResponse();
    }
}
