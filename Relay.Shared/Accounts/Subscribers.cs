using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>
/// Relay's addition to the Cloud API's one callback: further subscribers of a business, each with a filter, a breaker, a schedule and an end of its
/// own. The list also shows the callback and its overrides. No answer holds a verify token.
/// </summary>
public sealed class Subscribers(AccountDirectory accounts, SubscriptionStore subscriptions, VerifyEndpoint verify)
{
    /// <summary>Further subscribers of one business.</summary>
    public const int MaxFurther = 16;

    public async Task<Result<AddSubscriberResponse, GraphError>> AddAsync(
        BusinessId business, AddSubscriberRequest request, CancellationToken cancellationToken)
    {
        if (await accounts.FindBusinessAsync(business, cancellationToken) is null)
        {
            return UnknownBusiness;
        }

        string[] fields = [.. (request.Fields ?? []).OfType<string>().Distinct()];
        if (fields.Except(SubscriberFields.All).Any())
        {
            return GraphErrorCode.ParameterInvalid.Because($"fields must be of: {string.Join(", ", SubscriberFields.All)}.");
        }

        PhoneNumberId? number = null;
        if (request.PhoneNumberId is { } text)
        {
            if (!PhoneNumberId.TryParse(text, out PhoneNumberId id) || await accounts.FindNumberAsync(business, id, cancellationToken) is null)
            {
                return GraphErrorCode.ParameterInvalid.Because("phone_number_id must be one of the business's numbers.");
            }

            number = id;
        }

        if ((await subscriptions.ListAsync(business, cancellationToken)).All.Count(one => !one.Id.IsCallback) >= MaxFurther)
        {
            return GraphErrorCode.ParameterInvalid.Because($"A business has at most {MaxFurther} further subscribers.");
        }

        AskedEndpoint asked = new("callback_url", request.CallbackUrl, request.VerifyToken) { Fields = fields, Number = number };
        if (!(await verify.ExecuteAsync(SubscriberId.Create(), asked, cancellationToken)).TryGet(out Subscription? subscription, out GraphError? error))
        {
            return error;
        }

        await subscriptions.SaveAsync(business, subscription, cancellationToken);
        accounts.Forget(business);
        return new AddSubscriberResponse(subscription.Id.Value);
    }

    public async Task<Result<ListSubscribersResponse, GraphError>> ListAsync(BusinessId business, CancellationToken cancellationToken) =>
        await accounts.FindBusinessAsync(business, cancellationToken) is null
            ? UnknownBusiness
            : new ListSubscribersResponse([.. (await subscriptions.ListAsync(business, cancellationToken)).All.Select(ListedSubscriber.From)]);

    public async Task<Result<AdminSuccess, GraphError>> RemoveAsync(BusinessId business, string subscriberId, CancellationToken cancellationToken)
    {
        if (!SubscriberId.TryParse(subscriberId, out SubscriberId id) || !await subscriptions.RemoveAsync(business, id, cancellationToken))
        {
            return GraphErrorCode.UnknownObject.Because("There is no such subscriber.");
        }

        accounts.Forget(business);
        return new AdminSuccess();
    }

    private static GraphError UnknownBusiness => GraphErrorCode.UnknownObject.Because("There is no such business.");
}
