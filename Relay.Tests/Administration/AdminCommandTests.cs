using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.LocalHost.Administration;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Administration;

/// <summary><c>./relay admin</c> against a running Relay, word for word as an operator types it.</summary>
public sealed partial class AdminCommandTests
{
    [Fact]
    public async Task A_business_is_provisioned_and_closed_from_a_terminal()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using AdminWorld world = await AdminWorld.StartAsync();
        Terminal terminal = new(world, receiver.VerifyToken);
        string business = Id().Match(await terminal.OkAsync("businesses", "create", "Blumen Müller")).Groups[1].Value;
        Assert.Matches($@"^ID\s+NAME\r?\n{business}\s+Blumen Müller$", await terminal.OkAsync("businesses", "list"));

        string number = TestRelay.RandomNumber();
        string phone = Id().Match(await terminal.OkAsync("numbers", "register", business, number, "Blumen")).Groups[1].Value;
        Assert.Equal("Done.", await terminal.OkAsync("numbers", "throughput", business, phone, "HIGH"));
        Assert.Matches($@"ID\s+DISPLAY_PHONE_NUMBER\s+VERIFIED_NAME\s+STATUS\s+THROUGHPUT\r?\n{phone}\s+\{number}\s+Blumen\s+CONNECTED\s+HIGH", await terminal.OkAsync("numbers", "list", business));

        string user = Id().Match(await terminal.OkAsync("users", "add", business, "Lager", "EMPLOYEE")).Groups[1].Value;
        string issued = await terminal.OkAsync("tokens", "issue", business, "--user", user, "--expires", "2026-04-01", "--json");
        string token = JsonDocument.Parse(issued).RootElement.GetProperty("id").GetString()!;
        Assert.Matches($@"{token}\s+{user}\s+whatsapp_business_messaging\s+active\s+2026-03-02 09:00:00Z\s+2026-04-01 00:00:00Z", await terminal.OkAsync("tokens", "list", business));
        Assert.Equal("Done.", await terminal.OkAsync("tokens", "expire", business, token, "2026-05-01T12:00Z"));
        Assert.Equal("Done.", await terminal.OkAsync("tokens", "revoke", business, token));
        Assert.Contains("status: revoked", await terminal.OkAsync("tokens", "show", business, token), StringComparison.Ordinal);

        Assert.Equal("Done.", await terminal.OkAsync("webhooks", "set", business, receiver.Callback.AbsoluteUri));
        Assert.Contains(receiver.Callback.AbsoluteUri, await terminal.OkAsync("webhooks", "show", business), StringComparison.Ordinal);
        string subscriber = (await terminal.OkAsync("subscribers", "add", business, receiver.Callback.AbsoluteUri, "--fields", "messages.statuses", "--number", phone))["id: ".Length..];
        Assert.Contains("messages.statuses", await terminal.OkAsync("subscribers", "list", business), StringComparison.Ordinal);
        Assert.Equal(["Done.", "Done."], [await terminal.OkAsync("subscribers", "remove", business, subscriber), await terminal.OkAsync("webhooks", "remove", business)]);

        Assert.Equal(["Done.", "Done.", "Done."], [
            await terminal.OkAsync("businesses", "rename", business, "Blumen"), await terminal.OkAsync("businesses", "protocols", business, "pqxdh,pqxdh_spqr"),
            await terminal.OkAsync("businesses", "replay-window", business, "7")]);
        Assert.Matches(@"tier: TIER_250\r?\ntier_fixed: no\r?\nquality: UNKNOWN\r?\nrestricted: no(.*\r?\n)+None\.", await terminal.OkAsync("integrity", "show", business));
        Assert.Contains("restricted: yes", await terminal.OkAsync("integrity", "restrict", business), StringComparison.Ordinal);
        Assert.Contains("restricted: no", await terminal.OkAsync("integrity", "lift", business), StringComparison.Ordinal);
        Assert.Matches(@"tier: TIER_2K\r?\ntier_fixed: yes", await terminal.OkAsync("integrity", "tier", business, "TIER_2K"));
        Assert.Matches(@"tier: TIER_2K\r?\ntier_fixed: no", await terminal.OkAsync("integrity", "by-rule", business));
        string shown = await terminal.OkAsync("businesses", "show", business);
        Assert.Matches(@"name: Blumen\r?\n(.*\r?\n)+signal_protocols: pqxdh, pqxdh_spqr\r?\nreplay_window_days: 7", shown);
        Assert.Matches("app_secret: [0-9a-f]{32}", await terminal.OkAsync("businesses", "rotate-secret", business, "--overlap-hours", "1"));
        Assert.Contains("content", await terminal.OkAsync("privacy", "show", business), StringComparison.OrdinalIgnoreCase);
        Assert.Matches(@"ID\s+PHONE_NUMBERS\r?\n\d+\s+1", await terminal.OkAsync("wabas", "list", business));

        Assert.Equal(["Done.", "Done.", "Done."], [
            await terminal.OkAsync("numbers", "deregister", business, phone), await terminal.OkAsync("numbers", "remove", business, phone), await terminal.OkAsync("users", "remove", business, user)]);
        string audit = await terminal.OkAsync("audit", "show", business);
        Assert.Matches(@"ROW\s+AT\s+WHO\s+OPERATION\s+DATA\r?\n1\s+2026-03-02 09:00:00Z\s+admin\s+number\.register\s+number", audit);
        Assert.Equal("0\n" + business, (await terminal.OkAsync("audit", "list")).ReplaceLineEndings("\n"));
        Assert.Equal("None.", await terminal.OkAsync("receipts", "list", business));
        Assert.Equal(
            [$"business_id: {business}", "start: 2026-03-01", "end: 2026-03-02", "final: no", "None."],
            (await terminal.OkAsync("billing", "show", business, "--start", "2026-03-01", "--end", "2026-03-02")).ReplaceLineEndings("\n").Split('\n'));
        Assert.Equal("Done.", await terminal.OkAsync("businesses", "close", business));
    }

    [Fact]
    public async Task People_are_let_in_and_out_from_a_terminal()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        Terminal terminal = new(world, null);
        string business = await world.BusinessAsync();
        string added = await terminal.OkAsync("people", "add", $"developer:{business},BILLING", "--name", "Kim");
        (string id, string key) = (Person().Match(added).Groups[1].Value, Key().Match(added).Groups[1].Value);
        Assert.Matches($@"{id}\s+key\s+Kim\s+DEVELOPER {business}, BILLING\s+2026-03-02", await terminal.OkAsync("people", "list"));
        Terminal kim = new(world, null) { Token = key };
        Assert.Contains("(code 200, 403)", (await kim.RunAsync("people", "list")).Errors, StringComparison.Ordinal);
        Assert.Equal("Done.", await terminal.OkAsync("people", "roles", id, "ADMIN"));
        Assert.Contains(id, await kim.OkAsync("people", "list"), StringComparison.Ordinal);
        Assert.Equal("Done.", await terminal.OkAsync("people", "remove", id));
        Assert.Equal(1, (await kim.RunAsync("people", "list")).Code);
    }

    [Fact]
    public async Task What_users_showed_is_opened_in_the_terminal_by_the_key_in_a_file()
    {
        string folder = Directory.CreateTempSubdirectory("relay-reports-").FullName;
        try
        {
            (string file, string old) = (Path.Combine(folder, "report.key"), Path.Combine(folder, "old.key"));
            await using AdminWorld world = await AdminWorld.StartAsync();
            Terminal terminal = new(world, null);
            TestBusiness business = await world.Running.BusinessAsync(null);
            using TestDevice user = await world.Running.DeviceAsync();
            async Task ShowAsync(string key, string text)
            {
                Assert.Equal("Done.", await terminal.OkAsync("reports", "accept", key));
                await business.SendTextAsync(user.Number, text);
                await world.Running.DrainAsync();
                await user.ReceiveAsync();
                Assert.True(await user.Phone.ReportAsync(TestDevice.Of(business.Number), null, withContent: true, CancellationToken.None));
                world.Time.Advance(TimeSpan.FromDays(1));
            }

            await ShowAsync(old, "first\u001b[2J");
            byte[] made = await File.ReadAllBytesAsync(old);
            await ShowAsync(file, "second");
            Assert.Equal("Done.", await terminal.OkAsync("reports", "accept", old));
            Assert.Equal(made, await File.ReadAllBytesAsync(old));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }

            const string Id = @"\d{8}-[0-9a-f]{32}";
            Assert.Matches($@"^ID\s+DAY\s+STATE\s+CONTENT\r?\n{Id}\s+20260302\s+sealed\s+-\r?\n{Id}\s+20260303\s+opened\s+second$", await terminal.OkAsync("reports", "list", business.Id, "--key", file));
            string both = await terminal.OkAsync("reports", "list", business.Id, "--key", $"{file},{old}");
            Assert.Matches($@"{Id}\s+20260302\s+opened\s+first\?\[2J\r?\n{Id}\s+20260303\s+opened\s+second$", both);
            Assert.DoesNotContain("second", await terminal.OkAsync("reports", "list", business.Id, "--json"), StringComparison.Ordinal);
            Assert.Equal("Done.", await terminal.OkAsync("reports", "close", business.Id, Report().Match(both).Value));
            Assert.DoesNotContain("first", await terminal.OkAsync("reports", "list", business.Id, "--key", old), StringComparison.Ordinal);
            Assert.Equal("Done.", await terminal.OkAsync("reports", "refuse"));

            await File.WriteAllTextAsync(old, "no key");
            foreach (string wrong in new[] { old, Path.Combine(folder, "nowhere.key"), "" })
            {
                Assert.Equal(2, (await terminal.RunAsync("reports", "list", business.Id, "--key", wrong)).Code);
            }

            Assert.Equal(2, (await terminal.RunAsync("reports", "accept", old)).Code);
            Assert.Equal(2, (await terminal.RunAsync("reports", "accept", Path.Combine(folder, "no", "folder"))).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_list_is_followed_to_its_end()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        for (int i = 0; i < 30; i++)
        {
            await world.BusinessAsync($"Business {i}");
        }

        Terminal terminal = new(world, null);
        Assert.Equal(31, (await terminal.OkAsync("businesses", "list")).Split('\n').Length);
        JsonElement all = JsonDocument.Parse(await terminal.OkAsync("businesses", "list", "--json")).RootElement;
        Assert.Equal((30, false), (all.GetProperty("data").GetArrayLength(), all.TryGetProperty("next", out _)));
    }

    [Fact]
    public async Task What_somebody_else_wrote_can_not_move_the_cursor()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        await world.BusinessAsync("a\u001b[2Jb\u202ec");
        Assert.Contains("a?[2Jb?c", await new Terminal(world, null).OkAsync("businesses", "list"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "there is no 'businesses burn' here", "businesses", "burn")]
    [InlineData(2, "there is no 'burn' here", "burn")]
    [InlineData(2, "BUSINESS is missing", "businesses", "show")]
    [InlineData(2, "'--colour' is not an option here", "businesses", "list", "--colour")]
    [InlineData(2, "TIME is not right", "tokens", "expire", "1", "0123456789abcdef", "tomorrow")]
    [InlineData(2, "the value of --expires is not right", "tokens", "issue", "1", "--expires")]
    [InlineData(2, "0-29 is not right", "businesses", "replay-window", "1", "-1")]
    [InlineData(2, "RELAY_VERIFY_TOKEN is not set", "webhooks", "set", "1", "https://a.example/")]
    [InlineData(2, "--url takes", "businesses", "list", "--url")]
    [InlineData(2, "--url takes", "businesses", "list", "--url", "file:///etc")]
    [InlineData(1, "There is no such business. (code 100, 400)", "businesses", "show", "123")]
    [InlineData(1, "There is no such business. (code 100, 400)", "businesses", "show", "../people")]
    [InlineData(1, "can't be reached", "businesses", "list", "--url", "http://127.0.0.1:9")]
    public async Task What_is_wrong_is_told(int code, string said, params string[] arguments)
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        (int ended, string output, string errors) = await new Terminal(world, null).RunAsync(arguments);
        Assert.Equal((code, ""), (ended, output));
        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.DoesNotContain(world.AdminToken, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_needs_neither_a_token_nor_a_Relay()
    {
        foreach (string[] arguments in new string[][] { [], ["help"], ["--help"], ["tokens", "--help"] })
        {
            (int code, string output, _) = await RunAsync(arguments, _ => null);
            Assert.True(code == 0 && output.Contains("relay admin tokens issue BUSINESS [--scopes SCOPE,…]", StringComparison.Ordinal), output);
            Assert.Equal(arguments.Length < 2, output.Contains("relay admin people list", StringComparison.Ordinal));
        }

        Assert.Equal((2, true), ((await RunAsync(["businesses", "list"], _ => null)).Code, (await RunAsync(["businesses", "list"], _ => null)).Errors.Contains("RELAY_ADMIN_TOKEN is not set", StringComparison.Ordinal)));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments, Func<string, string?> environment)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        int code = await AdminCommand.RunAsync(arguments, environment, output, errors, CancellationToken.None);
        return (code, output.ToString().TrimEnd(), errors.ToString());
    }

    [GeneratedRegex(@"^id: (\d+)")]
    private static partial Regex Id();

    [GeneratedRegex("[0-9]{8}-[0-9a-f]{32}")]
    private static partial Regex Report();

    [GeneratedRegex("^id: ([0-9a-f]{16})")]
    private static partial Regex Person();

    [GeneratedRegex("key: (rly_admin_[A-Za-z0-9_-]+)")]
    private static partial Regex Key();

    private sealed class Terminal(AdminWorld world, string? verifyToken)
    {
        public string Token { get; init; } = world.AdminToken;

        public async Task<string> OkAsync(params string[] arguments)
        {
            (int code, string output, string errors) = await RunAsync(arguments);
            Assert.True(code == 0, $"{string.Join(' ', arguments)}: {errors}");
            return output;
        }

        public Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
        {
            string[] at = arguments.Contains("--url") ? [] : ["--url", world.Running.Local.BaseAddress.AbsoluteUri];
            return AdminCommandTests.RunAsync([.. arguments, .. at], name => name switch
            {
                AdminCommand.TokenVariable => Token,
                AdminVerbs.VerifyVariable => verifyToken,
                _ => null,
            });
        }
    }
}
