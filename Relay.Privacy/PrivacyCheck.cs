using System.Net;
using Relay.Privacy.Forging;
using Relay.Privacy.Proving;
using Relay.Privacy.Reporting;
using Relay.Privacy.Stealing;
using Relay.Privacy.Story;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Privacy;

/// <summary>
/// Runs a history through the real parts, day by day until everything of its first day is gone, and tries at each midnight what a thief could do. The first day
/// is the first of a month of 31 days and of a lookup epoch: nothing ever lives longer.
/// </summary>
internal sealed class PrivacyCheck(Interference interference, TextWriter output)
{
    private const int LastDay = 63;
    private const int Deadline = 30;
    private const int ForgeryDay = 31;
    private const int PlantingDay = 33;

    /// <summary>A month of 31 days, then 29 more until the last of them is dead, and the run of the timer.</summary>
    private const int LastMonthDay = 61;

    private static readonly TimeSpan s_oldestLookup = TimeSpan.FromDays(61);
    private static readonly UtcDay s_first = new(new DateOnly(2027, 7, 1));

    public Promises Promises { get; } = new();

    /// <summary>False when a promise is broken.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        Reporting.Screen screen = new(output);
        await using Stage stage = await Stage.StartAsync(interference, At(0, 9), cancellationToken);
        Loot loot = new(stage);
        Chronicle chronicle = new(stage, loot);
        screen.Begin();
        for (int day = 0; day <= LastDay; day++)
        {
            DayFigures figures = new(0, 0, 0, 0, 0, 0);
            if (day > 0)
            {
                stage.Clock.MoveTo(At(day, 0));
                figures = await MidnightAsync(stage, loot, chronicle, day, cancellationToken);
            }

            string happened = await ForgeAsync(stage, loot, chronicle, day, cancellationToken);
            stage.Clock.MoveTo(At(day, 9));
            happened += await chronicle.ActAsync(day, cancellationToken);
            loot.Take();
            if (day == 0)
            {
                loot.TakeWhole();
                figures = await MidnightAsync(stage, loot, chronicle, day, cancellationToken);
            }

            stage.Clock.MoveTo(At(day, 12));
            await stage.RunTimersAsync(cancellationToken);
            await LookAsync(stage, chronicle, day, cancellationToken);
            screen.Line(day, s_first.AddDays(day), figures, happened.TrimEnd());
        }

        ReceiptReader receipts = new(Promises.ReceiptsVerify);
        await receipts.JudgeAsync(chronicle.Aster, s_first, hasErasure: true, cancellationToken);
        await receipts.JudgeAsync(chronicle.Birke, s_first, hasErasure: false, cancellationToken);
        stage.Secrets.ProveTheSearch();
        Promises.NothingInClear.Seen =
            $"{stage.Bytes.Written:N0} rows and messages written, {stage.Bytes.Logged:N0} log lines and values, {stage.Bytes.Bytes:N0} bytes; {stage.Secrets.Spellings:N0} spellings looked for";
        screen.End(Promises);
        return Promises.Hold;
    }

    /// <summary>At 00:00, before anything else: what opens now?</summary>
    private async Task<DayFigures> MidnightAsync(Stage stage, Loot loot, Chronicle chronicle, int day, CancellationToken cancellationToken)
    {
        IReadOnlyList<SealedThing> first = [.. loot.Of(s_first)];
        int opened = 0;
        int openedWithDek = 0;
        int dead = 0;
        foreach ((AccountCopy now, AccountCopy then) in stage.Copy().Zip(loot.Whole))
        {
            Thief thief = await Thief.WithAsync(now, s_first, cancellationToken);
            Thief withDek = await Thief.WithAsync(then, s_first, cancellationToken);
            IReadOnlyList<SealedThing> ofAccount = [.. first.Where(thing => thing.Account == now.Account)];
            opened += (await thief.OpenAsync(ofAccount, cancellationToken)).Count;
            openedWithDek += (await withDek.OpenAsync(ofAccount, cancellationToken)).Count;
            dead += (await thief.OpenAsync(
                loot.Things.Where(thing => thing.Account == now.Account && thing.Day <= s_first.AddDays(day - Deadline)), cancellationToken)).Count;
        }

        JudgeOpened(day, first.Count, opened, openedWithDek, dead);
        (int confirmed, int withCopy) = await GuessAsync(stage, loot, chronicle, day, cancellationToken);
        IReadOnlyList<TableRow> lookup = [.. stage.Relay.Copy().Of(TableNames.Lookup)];
        return new DayFigures(opened, openedWithDek, confirmed, withCopy, lookup.Count, (int)stage.Ages.Oldest(lookup).TotalDays);
    }

    private void JudgeOpened(int day, int all, int opened, int openedWithDek, int dead)
    {
        if (day < Deadline - 1)
        {
            Promises.ReadableBefore.Judge(all > 0 && opened == all, $"+{day} d: {opened} of {all} blobs of day 0 open");
            Promises.ReadableBefore.Judge(all > 0 && openedWithDek == all, $"+{day} d: {openedWithDek} of {all} blobs of day 0 open with a copy of dek");
            Promises.ReadableBefore.Seen = $"all {all} blobs of day 0 opened until +{day} d 0 h";
        }

        if (day >= Deadline)
        {
            Promises.DeadAtThirtyDays.Judge(dead == 0 && opened == 0, $"+{day} d 0 h: {Math.Max(dead, opened)} blobs of 30 days ago or more still open");
        }

        if (openedWithDek > 0)
        {
            Promises.DeadWithItsMonth.Seen = $"the last that opened: {openedWithDek} blobs at +{day} d 0 h; in Azure a deleted key can be recovered for 7 more days";
        }

        if (day >= LastMonthDay)
        {
            Promises.DeadWithItsMonth.Judge(openedWithDek == 0, $"+{day} d 0 h: {openedWithDek} blobs of day 0 open with a copy of dek");
        }
    }

    /// <summary>How many users' numbers can be confirmed from the copied lookup table, with dek as it is now and with the copy.</summary>
    private async Task<(int Now, int WithCopy)> GuessAsync(Stage stage, Loot loot, Chronicle chronicle, int day, CancellationToken cancellationToken)
    {
        AccountCopy then = loot.Whole[0];
        Thief thief = await Thief.WithAsync(stage.Relay.Copy(), s_first, cancellationToken);
        Thief withDek = await Thief.WithAsync(then, s_first, cancellationToken);
        int confirmed = 0;
        int withCopy = 0;
        foreach (HistoryUser user in chronicle.Users)
        {
            HistoryBusiness aster = chronicle.Aster;
            confirmed += await thief.ConfirmsAsync(then.Of(TableNames.Lookup), aster.Id, aster.Phone, user.Number, cancellationToken) ? 1 : 0;
            withCopy += await withDek.ConfirmsAsync(then.Of(TableNames.Lookup), aster.Id, aster.Phone, user.Number, cancellationToken) ? 1 : 0;
        }

        if (day == 0)
        {
            Promises.ReadableBefore.Judge(confirmed == chronicle.Users.Count && withCopy == confirmed, "a guessed number is not confirmed on the day itself");
        }

        if (confirmed > 0)
        {
            Promises.LookupsEnd.Seen = $"the last guess that was confirmed: +{day} d 0 h";
        }

        if (day >= s_oldestLookup.Days)
        {
            Promises.LookupsEnd.Judge(confirmed == 0 && withCopy == 0, $"+{day} d 0 h: {Math.Max(confirmed, withCopy)} guessed numbers are confirmed");
        }

        return (confirmed, withCopy);
    }

    private async Task LookAsync(Stage stage, Chronicle chronicle, int day, CancellationToken cancellationToken)
    {
        IReadOnlyList<AccountCopy> copies = stage.Copy();
        foreach (AccountCopy copy in copies)
        {
            await stage.Secrets.AddKeysAsync(copy, cancellationToken);
        }

        IReadOnlyList<string> found = stage.Bytes.Look(copies);
        Promises.NothingInClear.Judge(found.Count == 0, $"+{day} d: {string.Join("; ", found.Distinct().Take(3))}");
        TimeSpan oldest = stage.Ages.Oldest(copies[0].Of(TableNames.Lookup));
        Promises.LookupsEnd.Judge(oldest <= s_oldestLookup, $"+{day} d: a lookup row is {oldest.TotalDays:F0} days old");
        foreach (TableRow key in copies[0].Of(TableNames.Dek).Where(row => row.RowKey.StartsWith("lookup-", StringComparison.Ordinal)))
        {
            TimeSpan age = stage.Clock.GetUtcNow() - key.Get<DateTimeOffset>("made");
            Promises.LookupsEnd.Judge(age <= s_oldestLookup, $"+{day} d: the key {key.RowKey} is {age.TotalDays:F0} days old");
        }

        JudgeLeft(copies[0], chronicle, day);
    }

    /// <summary>Those whom Aster knows no more; the last day on which anything of them was written is that of the erasure.</summary>
    private void JudgeLeft(AccountCopy copy, Chronicle chronicle, int day)
    {
        string[] left =
        [
            .. from past in chronicle.Past
               from entry in copy.Rows
               where entry.Row.PartitionKey.StartsWith(past.Partition, StringComparison.Ordinal)
                   || entry.Row.RowKey.StartsWith(past.Partition, StringComparison.Ordinal)
                   || entry.Row.Columns.Values.Contains(past.Conversation.Hex)
               select $"{entry.Table} {entry.Row.RowKey}",
        ];
        if (day == 0)
        {
            Promises.ReadableBefore.Judge(left.Length > 0, "nothing is left of users on the day itself");
        }

        if (day >= Deadline + Chronicle.ErasureDay)
        {
            Promises.NothingLeft.Judge(!chronicle.IsToldOfErased, $"+{day} d: a webhook told what an erased user had said");
            Promises.NothingLeft.Judge(left.Length == 0, $"+{day} d: {string.Join(", ", left.Take(3))}");
        }
    }

    private async Task<string> ForgeAsync(Stage stage, Loot loot, Chronicle chronicle, int day, CancellationToken cancellationToken)
    {
        if (day == ForgeryDay)
        {
            string tenant = chronicle.Aster.Id.Value;
            TableRow dead = loot.Whole[0].Of(TableNames.Dek).Single(row => row.PartitionKey == tenant && row.RowKey == s_first.Key);
            IReadOnlyList<string> used = await new ForgedKeys(stage.Relay).FindUsedAsync(tenant, chronicle.Birke.Id.Value, stage.Clock, dead, cancellationToken);
            Promises.ForgeriesRefused.Judge(used.Count == 0, $"used: {string.Join(", ", used)}");
            return "ten forged rows of dek are tried on a copy. ";
        }

        return day == PlantingDay ? await PlantAsync(stage, chronicle, cancellationToken) : string.Empty;
    }

    /// <summary>Puts a forger's key under today in the running relay, and a business calls.</summary>
    private async Task<string> PlantAsync(Stage stage, Chronicle chronicle, CancellationToken cancellationToken)
    {
        string tenant = chronicle.Aster.Id.Value;
        UtcDay today = UtcDay.Today(stage.Clock);
        Dictionary<string, object> planted = await new ForgedKeys(stage.Relay).PlantedAsync(tenant, today, cancellationToken);
        await stage.Relay.Tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Upsert(today.Key, planted)], cancellationToken);
        HttpStatusCode refused = await chronicle.Aster.TrySendAsync(chronicle.Ben.Number, stage.Secrets.NewText("Under a planted key"), null, cancellationToken);
        int sealedUnder = SealedThing.In(stage.Relay.Copy()).Count(thing => thing.Tenant == tenant && thing.Day == today);
        Promises.ForgeriesRefused.Judge(
            (int)refused >= 500 && sealedUnder == 0, $"a call under a planted key was answered {(int)refused}, {sealedUnder} blobs were sealed under it");
        await stage.Relay.Tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Delete(today.Key, null)], cancellationToken);
        HttpStatusCode accepted = await chronicle.Aster.TrySendAsync(chronicle.Ben.Number, stage.Secrets.NewText("Under the true key"), null, cancellationToken);
        Promises.ForgeriesRefused.Judge(accepted == HttpStatusCode.OK, $"without the planted key a call was answered {(int)accepted}");
        Promises.ForgeriesRefused.Seen = $"ten forgeries on a copy; a call while a planted key lay in the live table was answered {(int)refused}, and {(int)accepted} after it was taken out";
        return $"a planted key: a call is answered {(int)refused}, without it {(int)accepted}. ";
    }

    private static DateTimeOffset At(int day, int hour) => new(s_first.AddDays(day).Date, new TimeOnly(hour, 0), TimeSpan.Zero);
}
