using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost;
using Relay.Shared.Administration.Entra;
using Relay.Shared.Administration.People;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Xunit;

namespace Relay.Tests.Administration;

/// <summary>The who-may-access list: a key is shown once and stored as its hash, names are sealed, and rights end with the business that they are for.</summary>
public sealed class PeopleTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly EntraDirectory s_directory = new(Guid.Parse("11111111-2222-3333-4444-555555555555"), "manager", EntraDirectory.PublicCloud);

    [Fact]
    public async Task A_person_is_let_in_changed_and_let_out()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        (string id, string key) = await world.PersonAsync(new { role = "analyst" });
        Assert.Equal("200", (await world.CallAsync(HttpMethod.Post, "businesses", new { name = "X" }, key)).Error);

        await world.DoAsync(HttpMethod.Put, $"people/{id}/roles", new { roles = new[] { new { role = "ADMIN" } } });
        Assert.Equal(HttpStatusCode.OK, (await world.CallAsync(HttpMethod.Post, "businesses", new { name = "X" }, key)).Status);

        await world.DoAsync(HttpMethod.Delete, $"people/{id}");
        Assert.Equal("190", (await world.GetAsync("businesses", key)).Error);
        Assert.Equal(["100/33", "100/33"], [
            (await world.CallAsync(HttpMethod.Delete, $"people/{id}")).Error,
            (await world.CallAsync(HttpMethod.Put, $"people/{id}/roles", new { roles = new[] { new { role = "ADMIN" } } })).Error]);
    }

    [Fact]
    public async Task The_list_shows_who_they_are_and_storage_neither_name_nor_key()
    {
        MemoryTableStore tables = new();
        await using AdminWorld world = await AdminWorld.StartAsync(new LocalRelayOptions { ManagerStorage = new ManagerStorage(tables), Entra = s_directory });
        string business = await world.BusinessAsync();
        (string id, string key) = await world.PersonAsync(new { role = "DEVELOPER", business_id = business }, new { role = "BILLING" });
        const string ObjectId = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
        object asked = new { object_id = ObjectId.ToUpperInvariant(), name = "Robin Gärtner", app = true, roles = new[] { new { role = "ANALYST" } } };
        AdminAnswer robin = await world.DoAsync(HttpMethod.Post, "people", asked);
        Assert.False(robin.Json.TryGetProperty("key", out _));
        Assert.Equal(robin.Body, (await world.DoAsync(HttpMethod.Post, "people", asked)).Body);

        Dictionary<string, JsonElement> people = (await world.GetAsync("people")).Json.GetProperty("data").EnumerateArray().ToDictionary(one => one.GetProperty("kind").GetString()!);
        Assert.Equal((id, "Kim"), (people["key"].GetProperty("id").GetString(), people["key"].GetProperty("name").GetString()));
        Assert.Equal($$"""[{"role":"DEVELOPER","business_id":"{{business}}"},{"role":"BILLING"}]""", people["key"].GetProperty("roles").GetRawText());
        Assert.Equal((ObjectId, "Robin Gärtner"), (people["app"].GetProperty("object_id").GetString(), people["app"].GetProperty("name").GetString()));

        await foreach (TableRow row in tables.QueryAsync(TableNames.People, TableRange.Partition("all", 100), None))
        {
            Assert.All(row.Columns.Values, value => Assert.DoesNotContain("Robin", Text(value), StringComparison.Ordinal));
            Assert.All(row.Columns.Values, value => Assert.DoesNotContain(key[24..], Text(value), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_person_is_told()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        object[] bad =
        [
            new { name = "Kim" }, new { name = "Kim", roles = Array.Empty<object>() }, new { name = "Kim", roles = new[] { new { role = "OWNER" } } },
            new { name = "Kim", roles = new[] { new { role = "ADMIN", business_id = "123" } } }, new { roles = new[] { new { role = "ADMIN" } } },
            new { name = "Kim", app = true, roles = new[] { new { role = "ADMIN" } } }, new { name = new string('x', 101), roles = new[] { new { role = "ADMIN" } } },
            new { object_id = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", roles = new[] { new { role = "ADMIN" } } },
        ];
        foreach (object request in bad)
        {
            Assert.Equal("131009", (await world.CallAsync(HttpMethod.Post, "people", request)).Error);
        }

        Assert.Empty((await world.GetAsync("people")).Json.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Without_the_admin_token_somebody_stays_admin_also_when_two_leave_at_once()
    {
        MemoryTableStore tables = new();
        RelayStorage relay = new(new MemoryTableStore(), new MemoryQueueStore(TimeProvider.System), new MemoryBlobStore());
        LocalRelayOptions options = new() { ManagerStorage = new ManagerStorage(tables), RelayStorage = relay, Entra = s_directory };
        List<(string Id, string Key)> admins = [];
        await using (AdminWorld before = await AdminWorld.StartAsync(options))
        {
            admins.Add(await before.PersonAsync(new { role = "ADMIN" }));
            admins.Add(await before.PersonAsync(new { role = "ADMIN" }));
        }

        await using AdminWorld world = await AdminWorld.StartAsync(options with { IsAdminTokenDisabled = true });
        Assert.Equal("190", (await world.GetAsync("people")).Error);
        AdminAnswer[] left = await Task.WhenAll(
            world.CallAsync(HttpMethod.Delete, $"people/{admins[0].Id}", null, admins[0].Key), world.CallAsync(HttpMethod.Delete, $"people/{admins[1].Id}", null, admins[1].Key));
        Assert.Equal(["", "131009"], left.Select(one => one.Error).Order());
        (string id, string key) = admins[left[0].Error.Length > 0 ? 0 : 1];
        Assert.Equal("131009", (await world.CallAsync(HttpMethod.Put, $"people/{id}/roles", new { roles = new[] { new { role = "BILLING" } } }, key)).Error);
    }

    [Fact]
    public async Task Rights_end_with_their_business_and_who_has_none_left_goes()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        (string closed, string open) = (await world.BusinessAsync(), await world.BusinessAsync());
        (string gone, string key) = await world.PersonAsync(new { role = "ADMIN", business_id = closed });
        (string stays, _) = await world.PersonAsync(new { role = "ADMIN", business_id = closed }, new { role = "BILLING", business_id = open });

        Assert.Equal(HttpStatusCode.OK, (await world.CallAsync(HttpMethod.Delete, $"businesses/{closed}", null, key)).Status);
        Assert.Equal("190", (await world.GetAsync("businesses", key)).Error);
        JsonElement left = Assert.Single((await world.GetAsync("people")).Json.GetProperty("data").EnumerateArray());
        Assert.Equal((stays, $$"""[{"role":"BILLING","business_id":"{{open}}"}]"""), (left.GetProperty("id").GetString(), left.GetProperty("roles").GetRawText()));
        Assert.NotEqual(gone, stays);
    }

    /// <summary>None of the answers waits for a clock: it stands still.</summary>
    [Fact]
    public async Task Wrong_keys_however_many_turn_nobody_away()
    {
        CountingPeople counting = new(new MemoryTableStore());
        await using AdminWorld world = await AdminWorld.StartAsync(new LocalRelayOptions { ManagerStorage = new ManagerStorage(counting) });
        (string id, string key) = await world.PersonAsync(new { role = "ANALYST" });
        string forged = PersonKey.Create().Reveal().Reveal();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal("190", (await world.GetAsync("businesses", i % 2 == 0 ? PersonKey.Create().Reveal().Reveal() : forged)).Error);
        }

        // One that this instance has never seen, and one that was made meanwhile.
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", key)).Status);
        (_, string later) = await world.PersonAsync(new { role = "ANALYST" });
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", later)).Status);
        await world.DoAsync(HttpMethod.Delete, $"people/{id}");
        Assert.Equal("190", (await world.GetAsync("businesses", key)).Error);
    }

    [Fact]
    public async Task Whoever_comes_while_keys_are_read_shares_the_next_read_with_all_the_others()
    {
        CountingPeople counting = new(new MemoryTableStore());
        await using AdminWorld world = await AdminWorld.StartAsync(new LocalRelayOptions { ManagerStorage = new ManagerStorage(counting) });
        PeopleKeys keys = world.Running.Local.Services.GetRequiredService<PeopleKeys>();
        TaskCompletionSource first = counting.Hold();
        Task<bool> early = keys.HoldAsync(PersonKey.Create(), None);
        await counting.Reading;

        // Added while the first read is under way: that one need not see it, whoever comes now must.
        (_, string added) = await world.PersonAsync(new { role = "ANALYST" });
        Assert.True(PersonKey.TryParse(added, out PersonKey? right));
        counting.Reads = 0;
        Task<bool>[] wrong = [.. Enumerable.Range(0, 500).Select(_ => keys.HoldAsync(PersonKey.Create(), None))];
        Task<bool> genuine = keys.HoldAsync(right, None);
        using CancellationTokenSource gone = new();
        Task<bool> leaves = keys.HoldAsync(right, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.Equal(0, counting.Reads);

        first.SetResult();
        Assert.True(await genuine);
        Assert.DoesNotContain(true, await Task.WhenAll([early, .. wrong]));
        Assert.Equal(1, counting.Reads);
    }

    [Fact]
    public async Task A_read_that_fails_is_told_to_those_who_waited_for_it_and_to_nobody_after()
    {
        CountingPeople counting = new(new MemoryTableStore());
        await using AdminWorld world = await AdminWorld.StartAsync(new LocalRelayOptions { ManagerStorage = new ManagerStorage(counting) });
        (_, string key) = await world.PersonAsync(new { role = "ANALYST" });
        counting.FailNext = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await world.GetAsync("businesses", key)).Status);
        Assert.Equal(HttpStatusCode.OK, (await world.GetAsync("businesses", key)).Status);
    }

    private static string Text(object value) => value is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : $"{value}";

    /// <summary>Counts, holds and fails reads of all people.</summary>
    private sealed class CountingPeople(ITableStore inner) : ITableStore
    {
        private TaskCompletionSource? _held;
        private TaskCompletionSource _reading = new();

        public int Reads { get; set; }

        public bool FailNext { get; set; }

        /// <summary>Once the read that is held has begun.</summary>
        public Task Reading => _reading.Task;

        /// <summary>The next read waits for it.</summary>
        public TaskCompletionSource Hold()
        {
            _reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
            inner.GetAsync(table, partitionKey, rowKey, cancellationToken);

        public async IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Reads++;
            if (FailNext)
            {
                FailNext = false;
                throw new StorageFaultException("table query", table, 503, null);
            }

            List<TableRow> rows = await inner.QueryAsync(table, range, cancellationToken).ToListAsync(cancellationToken);
            if (_held is { } held)
            {
                _held = null;
                _reading.SetResult();
                await held.Task;
            }

            foreach (TableRow row in rows)
            {
                yield return row;
            }
        }

        public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
            inner.CommitAsync(table, partitionKey, writes, cancellationToken);

        public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);
    }
}
