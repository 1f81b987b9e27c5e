using System.Globalization;
using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Details;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Wire;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Integrity.Watching;

/// <summary>
/// Every ten minutes: asks the transport how each business stands and tells its subscribers what has changed since they were last told, as webhooks with their retries. What is
/// seen is written down before it is told (<see cref="ToldStanding"/>), and each webhook has a row that can be inserted once: it may run twice, at once, and die anywhere;
/// something is told twice at worst. The first look at a business tells nothing but that it is restricted. It goes round from anywhere, and where its time ends the next run
/// begins, so that it needs no place in storage and none is always last. Who has earned it comes to throughput level <c>HIGH</c> (<see cref="ThroughputRule"/>).
/// </summary>
public sealed partial class WatchStandings(
    BusinessStore businesses,
    NumberStore numbers,
    AccountDirectory accounts,
    BusinessStandings standings,
    DetailStore details,
    ConversationStore conversations,
    TellBusiness tell,
    TimeProvider time,
    ILogger<WatchStandings> logger)
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    private string _after = StartAt(time.GetUtcNow());

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset end = time.GetUtcNow() + MaxTime;
        await foreach (BusinessId business in businesses.RoundAsync(_after, cancellationToken))
        {
            if (time.GetUtcNow() >= end)
            {
                return;
            }

            try
            {
                await LookAsync(business, cancellationToken);
            }
            catch (Exception e) when (DependencyFaults.IsAway(e) || e is SealBrokenException)
            {
                Log.NotLookedAt(logger, business, FaultKind.Of(e));
            }

            _after = business.Value;
        }
    }

    /// <summary>Somewhere among the ids: the digits of the time, those first that change fastest.</summary>
    private static string StartAt(DateTimeOffset now)
    {
        char[] digits = now.UtcTicks.ToString(CultureInfo.InvariantCulture).ToCharArray();
        Array.Reverse(digits);
        return new string(digits);
    }

    private async Task LookAsync(BusinessId business, CancellationToken cancellationToken)
    {
        if (await businesses.FindAsync(business, cancellationToken) is not { } owner)
        {
            return;
        }

        List<BusinessNumber> own = [];
        await foreach (BusinessNumber number in numbers.ListAsync(business, cancellationToken))
        {
            if (number.IsRegistered)
            {
                own.Add(number);
            }
        }

        if (own.Count == 0)
        {
            return;
        }

        ToldStanding? told = await details.FindAsync(business, DetailRows.Standing, ToldStandingJson.Default.ToldStanding, cancellationToken);
        if (told?.Before is null)
        {
            if (await AskAsync(own, cancellationToken) is not { } said)
            {
                return;
            }

            await RaiseAsync(owner, own, said, cancellationToken);
            told = await NoteAsync(business, said, cancellationToken);
            if (told?.Before is null)
            {
                return;
            }
        }

        foreach (StandingWebhook webhook in StandingWebhooks.Of(told, owner, own))
        {
            await TellAsync(new ConversationKey(business, WebhookRow.AccountConversation), webhook, cancellationToken);
        }

        long change = told.Change;
        await details.ChangeAsync(
            business,
            DetailRows.Standing,
            ToldStandingJson.Default.ToldStanding,
            before => new DetailChange<ToldStanding>(before is { Before: not null } && before.Change == change ? before with { Before = null } : null),
            cancellationToken);
    }

    /// <summary>What is raised is told until it was, however its business stands by then; what an operator has set meanwhile is not.</summary>
    private async Task RaiseAsync(Business owner, IEnumerable<BusinessNumber> own, StandingResponse said, CancellationToken cancellationToken)
    {
        bool isEarned = ThroughputRule.IsEarned(said);
        foreach (BusinessNumber number in own)
        {
            if (!number.IsRaiseUntold && !(isEarned && !number.IsThroughputSet && await numbers.RaiseThroughputAsync(owner.Id, number.Id, cancellationToken)))
            {
                continue;
            }

            accounts.Forget(owner.Id, number.Id);
            StandingWebhook raised = StandingWebhooks.Raised(owner, number, said.Tier, time.GetUtcNow().ToUnixTimeSeconds());
            await TellAsync(new ConversationKey(owner.Id, WebhookRow.AccountConversation), raised, cancellationToken);
            await numbers.NoteRaiseToldAsync(owner.Id, number.Id, cancellationToken);
        }
    }

    private async Task<StandingResponse?> AskAsync(List<BusinessNumber> own, CancellationToken cancellationToken)
    {
        foreach (BusinessNumber number in own)
        {
            if (await standings.AskAsync(number, cancellationToken) is { } said)
            {
                return said;
            }
        }

        return null;
    }

    /// <summary>Takes down what is to be told; null when nothing is, or somebody else tells it.</summary>
    private async Task<ToldStanding?> NoteAsync(BusinessId business, StandingResponse said, CancellationToken cancellationToken)
    {
        StandingFacts now = new(said.Tier, said.Quality, said.Restricted);
        long at = time.GetUtcNow().ToUnixTimeSeconds();
        DetailChange<ToldStanding> made = await details.ChangeAsync(
            business,
            DetailRows.Standing,
            ToldStandingJson.Default.ToldStanding,
            before => new DetailChange<ToldStanding>(before switch
            {
                null => new ToldStanding(now, now.IsRestricted ? now with { IsRestricted = false } : null, 1, at),
                { Before: not null } => null,
                _ when before.Now == now => null,
                _ => new ToldStanding(now, before.Now, before.Change + 1, at),
            }),
            cancellationToken);
        return made.Next;
    }

    /// <summary>A row that is there was put there by a run that died or goes on: what of it is still to be told, is.</summary>
    private async Task TellAsync(ConversationKey key, StandingWebhook webhook, CancellationToken cancellationToken)
    {
        ConversationCommit commit = conversations.Begin(key, webhook.Number);
        await commit.InsertWebhookAsync(webhook.Row, webhook.Payload, cancellationToken);
        CommitResult saved = await commit.SaveAsync(cancellationToken);
        if (saved.IsSaved)
        {
            await tell.ExecuteAsync(key, webhook.Row, webhook.Payload, cancellationToken);
        }
        else if (saved.Outcome == StoreOutcome.AlreadyExists)
        {
            await tell.ResumeAsync(key, webhook.Row, cancellationToken);
        }
        else
        {
            throw new StorageFaultException("table commit", TableNames.Conversations, 412, null);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(320, LogLevel.Warning, "How business {Business} stands could not be looked at or told ({Fault}); the next run tries again.")]
        internal static partial void NotLookedAt(ILogger logger, BusinessId business, FaultKind fault);
    }
}
