using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Accounts;

/// <summary>Businesses, numbers and subscriptions as the pipeline reads them: from storage at most once per <see cref="CacheLife"/> and instance.</summary>
public sealed class AccountDirectory(BusinessStore businesses, NumberStore numbers, SubscriptionStore subscriptions, TimeProvider time) : IRetentionPeriods
{
    /// <summary>How long a change may go unnoticed by an instance.</summary>
    public static readonly TimeSpan CacheLife = TimeSpan.FromSeconds(30);

    private const int MaxCached = 10_000;

    private readonly ShortCache<BusinessId, Business> _businesses = new(time, CacheLife, MaxCached);
    private readonly ShortCache<(BusinessId, PhoneNumberId), BusinessNumber> _numbers = new(time, CacheLife, MaxCached);
    private readonly ShortCache<BusinessId, BusinessSubscriptions> _subscriptions = new(time, CacheLife, MaxCached);

    public ValueTask<Business?> FindBusinessAsync(BusinessId id, CancellationToken cancellationToken) =>
        _businesses.GetAsync(id, token => businesses.FindAsync(id, token), cancellationToken);

    /// <summary>The tenant's own number; another tenant's is as unknown as none.</summary>
    public ValueTask<BusinessNumber?> FindNumberAsync(BusinessId business, PhoneNumberId id, CancellationToken cancellationToken) =>
        _numbers.GetAsync((business, id), token => numbers.FindAsync(business, id, token), cancellationToken);

    /// <summary>The number in a caller's path, if it is the caller's business's and the token has the permission.</summary>
    internal async ValueTask<Result<BusinessNumber, GraphError>> FindNumberAsync(
        Caller caller, PhoneNumberId id, AccessScopes permission, CancellationToken cancellationToken)
    {
        if (await FindNumberAsync(caller.Business, id, cancellationToken) is not { } number)
        {
            return UnknownNumber;
        }

        return caller.Lacks(permission) is { } refusal ? refusal : number;
    }

    /// <summary>The account in a caller's path, if it is the caller's business's and the token has the permission.</summary>
    internal async ValueTask<Result<Business, GraphError>> FindAccountAsync(
        Caller caller, string wabaId, AccessScopes permission, CancellationToken cancellationToken)
    {
        if (await FindBusinessAsync(caller.Business, cancellationToken) is not { } business || business.Waba.Value != wabaId)
        {
            return UnknownNode;
        }

        return caller.Lacks(permission) is { } refusal ? refusal : business;
    }

    /// <summary>How a node that isn't there, and another tenant's, are answered.</summary>
    internal static GraphError UnknownNode => GraphErrorCode.UnknownObject.Because("No such object, or the access token doesn't reach it.");

    /// <summary>How a number that isn't there, and another tenant's, are answered.</summary>
    internal static GraphError UnknownNumber => GraphErrorCode.UnknownObject.Because(
        "The phone number id in the path does not exist or does not belong to the access token's business.");

    /// <summary>How long the payloads of the business's told webhooks are kept.</summary>
    public async ValueTask<ReplayWindow> ReplayWindowAsync(BusinessId business, CancellationToken cancellationToken) =>
        (await FindBusinessAsync(business, cancellationToken))?.ReplayWindow ?? new ReplayWindow(0);

    /// <summary>Of a number that was removed, as it was then.</summary>
    async ValueTask<TimeSpan?> IRetentionPeriods.FindAsync(BusinessId business, PhoneNumberId number, CancellationToken cancellationToken) =>
        await FindNumberAsync(business, number, cancellationToken) is { } found
            ? found.RetentionPeriod
            : await businesses.FindRetentionAsync(business, number, cancellationToken);

    /// <summary>With which Signal protocols the business's sessions may be opened.</summary>
    public async ValueTask<SignalPolicy> PolicyAsync(BusinessId business, CancellationToken cancellationToken) =>
        (await FindBusinessAsync(business, cancellationToken))?.SignalPolicy ?? SignalPolicy.AcceptAll;

    /// <summary>Everyone that wants what a webhook is about.</summary>
    /// <param name="business">Whose event it is.</param>
    /// <param name="topic">What it is about.</param>
    /// <param name="at">When it happened; null for now.</param>
    /// <param name="known">Who has it told or queued, also since it happened: what is told again on demand reaches those who came later.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<IReadOnlyList<Subscription>> FindSubscribersAsync(
        BusinessId business, WebhookTopic topic, DateTimeOffset? at, IReadOnlyCollection<SubscriberId> known, CancellationToken cancellationToken) =>
        (await _subscriptions.GetAsync(business, async token => await subscriptions.ListAsync(business, token), cancellationToken))?.For(topic, at, known) ?? [];

    internal void Forget(BusinessId business)
    {
        _subscriptions.Remove(business);
        _businesses.Remove(business);
    }

    internal void Forget(BusinessId business, PhoneNumberId id) => _numbers.Remove((business, id));
}
