using System.Globalization;
using System.Text.Json;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Standing;

namespace Relay.Shared.Integrity.Watching;

/// <summary>
/// What a change of a standing is told as, each with the row that it is told from: the same change gives the same rows. <c>UPGRADE</c> and <c>DOWNGRADE</c> when the tier moved,
/// <c>FLAGGED</c> when quality became red and <c>UNFLAGGED</c> when it is red no more, of every number; a restriction once, of the account.
/// </summary>
internal static class StandingWebhooks
{
    private const string Messaging = "RESTRICTED_BIZ_INITIATED_MESSAGING";

    internal static IEnumerable<StandingWebhook> Of(ToldStanding told, Business owner, IReadOnlyList<BusinessNumber> numbers)
    {
        if (told.Before is not { } before)
        {
            yield break;
        }

        if (before.IsRestricted != told.Now.IsRestricted)
        {
            AccountEvent restriction = new() { Event = "ACCOUNT_RESTRICTION", Restrictions = told.Now.IsRestricted ? [new RestrictionInfo(Messaging)] : [] };
            yield return Make(told, owner, numbers[0], "restriction", SubscriberFields.AccountUpdate, restriction);
        }

        foreach (BusinessNumber number in numbers)
        {
            if (before.Tier != told.Now.Tier)
            {
                AccountEvent moved = Limits(number, before, told.Now) with { Event = IsLower(told.Now.Tier, before.Tier) ? "DOWNGRADE" : "UPGRADE" };
                yield return Make(told, owner, number, $"{number.Id}:limit", SubscriberFields.QualityUpdate, moved);
            }

            if (IsRed(before) != IsRed(told.Now))
            {
                AccountEvent rated = Limits(number, told.Now, told.Now) with { Event = IsRed(told.Now) ? "FLAGGED" : "UNFLAGGED" };
                yield return Make(told, owner, number, $"{number.Id}:quality", SubscriberFields.QualityUpdate, rated);
            }
        }
    }

    /// <summary>That a number comes to throughput level <c>HIGH</c>: once in its life.</summary>
    internal static StandingWebhook Raised(Business owner, BusinessNumber number, string tier, long at) => Make(
        owner,
        number,
        $"{number.Id}:throughput",
        SubscriberFields.QualityUpdate,
        new AccountEvent { Event = "THROUGHPUT_UPGRADE", DisplayPhoneNumber = number.Number.Digits, CurrentLimit = tier },
        at);

    private static StandingWebhook Make(ToldStanding told, Business owner, BusinessNumber number, string what, string field, AccountEvent value) =>
        Make(owner, number, string.Create(CultureInfo.InvariantCulture, $"{told.Change}:{what}"), field, value, told.At);

    private static StandingWebhook Make(Business owner, BusinessNumber number, string row, string field, AccountEvent value, long at)
    {
        AccountEnvelope body = new() { Entry = [new AccountEntry(owner.Waba.Value, at, [new AccountChange(field, value)])] };
        return new StandingWebhook(number.Id, WebhookRow.AccountKey(row), JsonSerializer.SerializeToUtf8Bytes(body, GraphOutput.AccountEnvelope));
    }

    private static AccountEvent Limits(BusinessNumber number, StandingFacts before, StandingFacts now) =>
        new() { Event = string.Empty, DisplayPhoneNumber = number.Number.Digits, CurrentLimit = now.Tier, OldLimit = before.Tier };

    private static bool IsRed(StandingFacts facts) => facts.Quality == QualityRating.Red.Name();

    private static bool IsLower(string tier, string than) =>
        MessagingTiers.TryParse(tier, out MessagingTier one) && MessagingTiers.TryParse(than, out MessagingTier other) && one < other;
}

/// <param name="Number">Whose row it is.</param>
/// <param name="Row">In the business's own conversation (<see cref="WebhookRow.AccountConversation"/>).</param>
/// <param name="Payload">The body.</param>
internal sealed record StandingWebhook(PhoneNumberId Number, string Row, byte[] Payload)
{
    public override string ToString() => Row;
}
