using System.Globalization;
using System.Text.Json;
using Relay.LocalHost.Auditing;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Proof;

/// <summary><c>./relay audit verify</c> against a running Relay: it verifies what is whole, and ends with 1 and the place where something was changed in storage.</summary>
public sealed class AuditCommandTests
{
    private const string Timer = "SignAudits";

    [Fact]
    public async Task A_whole_audit_verifies_for_the_operator_and_for_the_business()
    {
        await using PairWorld world = await AuditedAsync();
        (int code, string output) = await VerifyAsync(world);
        Assert.True(code == 0, output);
        Assert.Contains($"business {world.Business.Id}: entries 1 to 7, covered by signatures up to 5; 2 checkpoints, 0 receipts", output, StringComparison.Ordinal);
        Assert.EndsWith("Verified.", output, StringComparison.Ordinal);

        string kept = output.Split("--expect ")[1].Split('\n')[0].Trim();
        (code, output) = await VerifyAsync(world, isAdmin: false, "--expect", kept);
        Assert.True(code == 0, output);
        await ShowAsync(world, 1);
        (code, output) = await VerifyAsync(world, isAdmin: true, "--business", world.Business.Id, "--expect", kept);
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Receipts_are_verified_with_it_and_hold_the_audit_too()
    {
        await using PairWorld world = await AuditedAsync();
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync("DeleteExpired");
        (int code, string output) = await VerifyAsync(world);
        Assert.True(code == 0, output);
        Assert.Contains("entries 1 to 7, covered by signatures up to 7; 2 checkpoints, 1 receipts", output, StringComparison.Ordinal);

        // No checkpoint covers the sixth, but the receipt does.
        await CutAsync(world, 5);
        await IsBrokenAtAsync(world, "entry 7");
    }

    [Theory]
    [InlineData("entry 3", 3)]
    [InlineData("entry 7", 7)]
    [InlineData("entry 1", 1)]
    public async Task A_deleted_entry_is_found(string where, int entry)
    {
        await using PairWorld world = await AuditedAsync();
        await WriteAsync(world, TableWrite.Delete(Key(entry), null));
        await IsBrokenAtAsync(world, where);
    }

    [Theory]
    [InlineData("entry 2", 2)]
    [InlineData("entry 4", 3)]
    [InlineData("entry 7", 7)]
    public async Task A_changed_entry_is_found(string where, int entry)
    {
        await using PairWorld world = await AuditedAsync();
        string text = Text(world, entry).Replace("who=token:", "who=admin:", StringComparison.Ordinal);
        await WriteAsync(world, TableWrite.Upsert(Key(entry), new Dictionary<string, object> { ["statement"] = text }));
        await IsBrokenAtAsync(world, where);
    }

    [Fact]
    public async Task Entries_that_changed_places_are_found()
    {
        await using PairWorld world = await AuditedAsync();
        (string three, string four) = (Text(world, 3), Text(world, 4));
        await WriteAsync(world, TableWrite.Upsert(Key(3), new Dictionary<string, object> { ["statement"] = four }));
        await WriteAsync(world, TableWrite.Upsert(Key(4), new Dictionary<string, object> { ["statement"] = three }));
        await IsBrokenAtAsync(world, "entry 3");
    }

    [Fact]
    public async Task A_tail_that_was_cut_off_with_its_head_is_found_by_the_checkpoint_and_what_came_later_by_what_was_kept()
    {
        await using PairWorld world = await AuditedAsync();
        string kept = (await VerifyAsync(world)).Output.Split("--expect ")[1].Split('\n')[0].Trim();
        await CutAsync(world, 6);
        Assert.Equal(0, (await VerifyAsync(world)).Code);
        (int code, string output) = await VerifyAsync(world, isAdmin: true, "--business", world.Business.Id, "--expect", kept);
        Assert.True(code == 1 && output.Contains("entry 7", StringComparison.Ordinal), output);

        await CutAsync(world, 4);
        await IsBrokenAtAsync(world, "entry 5");
    }

    [Theory]
    [InlineData("H")]
    [InlineData("S:000000000005")]
    public async Task A_head_that_is_gone_or_a_checkpoint_that_is_not_ours_is_found(string row)
    {
        await using PairWorld world = await AuditedAsync();
        TableRow stored = world.Relay.Rows(TableNames.Audit).Single(one => one.RowKey == row && one.PartitionKey == world.Business.Id);
        await WriteAsync(world, row == "H"
            ? TableWrite.Delete(row, null)
            : TableWrite.Upsert(row, new Dictionary<string, object>(stored.Columns) { ["sig"] = new byte[64] }));
        await IsBrokenAtAsync(world, "BROKEN at entry");
    }

    [Fact]
    public async Task A_changed_receipt_is_found()
    {
        await using PairWorld world = await AuditedAsync();
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync("DeleteExpired");
        TableRow row = Assert.Single(world.Relay.Rows(TableNames.Receipts), one => one.RowKey[0] == 'R');
        string text = row.Get<string>("statement").Replace("\nrows=", "\nrows=1", StringComparison.Ordinal);
        await world.Relay.Tables.CommitAsync(
            TableNames.Receipts, world.Business.Id, [TableWrite.Upsert(row.RowKey, new Dictionary<string, object>(row.Columns) { ["statement"] = text })], CancellationToken.None);
        await IsBrokenAtAsync(world, "receipt");
    }

    [Fact]
    public async Task The_timer_never_signs_what_is_broken()
    {
        await using PairWorld world = await AuditedAsync();
        string text = Text(world, 6).Replace("who=token:", "who=admin:", StringComparison.Ordinal);
        await WriteAsync(world, TableWrite.Upsert(Key(6), new Dictionary<string, object> { ["statement"] = text }));
        await world.TimerAsync(Timer);
        Assert.Equal(2, world.Relay.Rows(TableNames.Audit).Count(row => row.RowKey[0] == 'S'));
        Assert.Contains(world.Running.Log.Lines, line => line.Event == 331);
        await IsBrokenAtAsync(world, "entry 7");
    }

    [Fact]
    public async Task A_timer_that_dies_anywhere_is_finished_by_the_next_run()
    {
        IReadOnlySet<string> covered = await FaultSweep.RunAsync(async plan =>
        {
            plan.IsOver = true;
            await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
            await ShowAsync(world, 3);
            plan.IsOver = false;
            await world.TimerAsync(Timer);
            plan.IsOver = true;
            await plan.LandLateAsync();
            if (plan.IsAnyDead)
            {
                await world.RestartAsync();
            }

            await world.TimerAsync(Timer);
            (int code, string output) = await VerifyAsync(world);
            Assert.True(code == 0 && output.Contains("entries 1 to 3, covered by signatures up to 3; 1 checkpoints", StringComparison.Ordinal), output);
        });
        Assert.Contains("relay table:commit audit", covered);
    }

    [Fact]
    public async Task Entries_go_after_their_life_and_what_is_left_verifies()
    {
        await using PairWorld world = await AuditedAsync();
        world.Time.Advance(AuditChain.Life);
        await world.TimerAsync(Timer);
        Assert.Equal(7, world.Relay.Rows(TableNames.Audit).Count(row => char.IsAsciiDigit(row.RowKey[0])));
        world.Time.Advance(TimeSpan.FromDays(1));
        await world.TimerAsync(Timer);
        Assert.Equal([Key(6), Key(7)], world.Relay.Rows(TableNames.Audit).Select(row => row.RowKey).Where(key => char.IsAsciiDigit(key[0])));
        (int code, string output) = await VerifyAsync(world);
        Assert.True(code == 0 && output.Contains("entries 6 to 7", StringComparison.Ordinal), output);

        await WriteAsync(world, TableWrite.Delete(Key(6), null));
        await IsBrokenAtAsync(world, "entry");
    }

    [Fact]
    public async Task It_verifies_on_azurite_too()
    {
        await using TestRelay relay = await TestRelay.OnAzuriteAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        using RawDevice device = await relay.RawDeviceAsync();
        await business.SendTextAsync(device.Number.E164, "Hello");
        await relay.DrainAsync();
        string path = $"relay/v1/phone_numbers/{business.PhoneNumberId}/safety_number";
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => business.PostAsync(JsonSerializer.Serialize(new { user = device.Number.E164 }), path: path)));
        await relay.Local.InvokeTimerAsync(Timer, CancellationToken.None);

        using StringWriter output = new(CultureInfo.InvariantCulture);
        int code = await AuditCommand.RunAsync(
            ["verify", "--url", relay.Local.BaseAddress.AbsoluteUri],
            name => name == AuditOptions.AccessVariable ? business.AccessToken : null,
            TimeProvider.System,
            output,
            output,
            CancellationToken.None);
        Assert.True(code == 0, output.ToString());
        Assert.Contains("entries 1 to 10, covered by signatures up to 10; 1 checkpoints", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Called_wrongly_it_says_how_it_is_called_and_shows_no_token()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        string url = world.Running.Local.BaseAddress.AbsoluteUri;
        string[][] calls = [[], ["show"], ["verify", "--url"], ["verify", "--url", "x"], ["verify", "--expect", "1:" + new string('a', 64)], ["verify", "--business", "x"], ["verify", "--x", "y"]];
        foreach (string[] call in calls)
        {
            (int code, string output) = await RunAsync(world, name => name == AuditOptions.AdminVariable ? "secret-token" : null, call);
            Assert.Equal(2, code);
            Assert.DoesNotContain("secret-token", output, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await RunAsync(world, _ => null, ["verify", "--url", url])).Code);
        (int refused, string text) = await RunAsync(world, name => name == AuditOptions.AdminVariable ? "wrong" : null, ["verify", "--url", url]);
        Assert.True(refused == 1 && text.Contains("401", StringComparison.Ordinal), text);
        Assert.Equal(1, (await RunAsync(world, name => name == AuditOptions.AdminVariable ? "any" : null, ["verify", "--url", "http://127.0.0.1:1"])).Code);
    }

    /// <summary>Seven entries, the first five of them signed, in two steps.</summary>
    private static async Task<PairWorld> AuditedAsync()
    {
        PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await ShowAsync(world, 2);
        await world.TimerAsync(Timer);
        await ShowAsync(world, 3);
        await world.TimerAsync(Timer);
        await ShowAsync(world, 2);
        return world;
    }

    private static async Task ShowAsync(PairWorld world, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await world.Business.PostAsync(
                JsonSerializer.Serialize(new { user = world.Device.Number }), path: $"relay/v1/phone_numbers/{world.Business.PhoneNumberId}/safety_number");
        }
    }

    /// <summary>As somebody would who can write the table: the tail goes, and the head is made to fit.</summary>
    private static async Task CutAsync(PairWorld world, int last)
    {
        foreach (TableRow row in world.Relay.Rows(TableNames.Audit).Where(row => string.CompareOrdinal(row.RowKey, Key(last)) > 0 && char.IsAsciiDigit(row.RowKey[0])).ToList())
        {
            await WriteAsync(world, TableWrite.Delete(row.RowKey, null));
        }

        AuditEntry entry = AuditEntry.Parse(Text(world, last))!;
        await WriteAsync(world, TableWrite.Merge("H", null, new Dictionary<string, object> { ["entries"] = (long)last, ["hash"] = entry.ToStatement().Hash }));
    }

    private static string Text(PairWorld world, int entry) =>
        world.Relay.Rows(TableNames.Audit).Single(row => row.RowKey == Key(entry) && row.PartitionKey == world.Business.Id).Get<string>("statement");

    private static string Key(int entry) => entry.ToString("D12", CultureInfo.InvariantCulture);

    private static async Task WriteAsync(PairWorld world, TableWrite write) =>
        Assert.True((await world.Relay.Tables.CommitAsync(TableNames.Audit, world.Business.Id, [write], CancellationToken.None)).IsSaved);

    private static async Task IsBrokenAtAsync(PairWorld world, string where)
    {
        (int code, string output) = await VerifyAsync(world);
        Assert.True(code == 1, output);
        Assert.Contains(where, output, StringComparison.Ordinal);
        Assert.EndsWith("BROKEN.", output, StringComparison.Ordinal);
    }

    private static Task<(int Code, string Output)> VerifyAsync(PairWorld world, bool isAdmin = true, params string[] more) => RunAsync(
        world,
        name => name switch
        {
            AuditOptions.AdminVariable when isAdmin => world.Running.Local.Options.AdminToken.Reveal(),
            AuditOptions.AccessVariable when !isAdmin => world.Business.AccessToken,
            _ => null,
        },
        ["verify", "--url", world.Running.Local.BaseAddress.AbsoluteUri, .. more]);

    private static async Task<(int Code, string Output)> RunAsync(PairWorld world, Func<string, string?> environment, string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        int code = await AuditCommand.RunAsync(arguments, environment, world.Time, output, output, CancellationToken.None);
        return (code, output.ToString().TrimEnd());
    }
}
