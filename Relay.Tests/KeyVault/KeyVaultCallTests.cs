using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Azure.KeyVault;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Xunit;

namespace Relay.Tests.KeyVault;

/// <summary>How often the vault is asked, and how many at a time.</summary>
public sealed class KeyVaultCallTests
{
    private const string Tenant = "1001";
    private const string Kek = "kek-1001-202611";

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly UtcDay Day = new(new DateOnly(2026, 11, 26));

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly EmulatedVault _vault = new();
    private readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public async Task Wrapping_is_local_once_the_public_key_is_known()
    {
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        await wrapper.WrapAsync(Tenant, Day, _key, None);
        Assert.Equal(1, _vault.Challenges);
        Assert.Equal(2, _vault.Calls);
        Assert.Equal((1, 1), (_vault.Count("get"), _vault.Count("create")));

        for (int i = 0; i < 10; i++)
        {
            await wrapper.WrapAsync(Tenant, Day, _key, None);
        }

        Assert.Equal(2, _vault.Calls);
        Assert.Equal(1, _vault.Versions(Kek));
    }

    [Fact]
    public async Task A_process_makes_a_key_once_however_many_want_it()
    {
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        Func<VaultCall, Task> looks = Together("get", 10);
        _vault.Before = async call =>
        {
            await looks(call);

            // Making takes a while, in which the others go on.
            for (int i = 0; i < 100; i++)
            {
                await Task.Yield();
            }
        };
        WrappedKey[] wrapped = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => wrapper.WrapAsync(Tenant, Day, _key, None)));
        Assert.Equal((10, 1, 1), (_vault.Count("get"), _vault.Count("create"), _vault.Versions(Kek)));
        Assert.Single(wrapped.Select(one => one.KekId).Distinct());
    }

    [Fact]
    public async Task A_key_may_be_made_before_its_first_use()
    {
        await _vault.Client(_time).PrepareAsync(KekName.Of(Tenant, Day), None);
        await _vault.Client(_time).PrepareAsync(KekName.Of(Tenant, Day), None);
        await UnwrapAsync(_vault.Client(_time), await _vault.Client(_time).WrapAsync(Tenant, Day, _key, None));
        Assert.Equal((1, 1), (_vault.Count("create"), _vault.Versions(Kek)));
    }

    [Fact]
    public async Task Each_unwrap_is_one_call()
    {
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        WrappedKey wrapped = await wrapper.WrapAsync(Tenant, Day, _key, None);
        await UnwrapAsync(wrapper, wrapped);
        int before = _vault.Calls;

        for (int i = 1; i <= 5; i++)
        {
            await UnwrapAsync(wrapper, wrapped);
            Assert.Equal(before + i, _vault.Calls);
        }

        Assert.Equal(6, _vault.Count("unwrapKey"));
        Assert.Equal(0, _vault.Count("wrapKey"));
    }

    [Fact]
    public async Task Each_signature_is_one_call_and_verifying_is_local()
    {
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        KeySignature first = await wrapper.SignAsync(_key, None);
        Assert.True(await wrapper.VerifyAsync(_key, first, None));
        int before = _vault.Calls;

        KeySignature second = await wrapper.SignAsync(_key, None);
        Assert.Equal(before + 1, _vault.Calls);
        Assert.True(await wrapper.VerifyAsync(_key, second, None));
        Assert.True(await wrapper.VerifyAsync(_key, first, None));
        Assert.Equal(before + 1, _vault.Calls);
        Assert.Equal((2, 0), (_vault.Count("sign"), _vault.Count("verify")));
    }

    [Fact]
    public async Task Public_keys_are_asked_for_once_an_hour()
    {
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        await wrapper.WrapAsync(Tenant, Day, _key, None);
        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        await wrapper.WrapAsync(Tenant, Day, _key, None);
        Assert.Equal(1, _vault.Count("get"));

        _time.Advance(TimeSpan.FromTicks(1));
        await wrapper.WrapAsync(Tenant, Day, _key, None);
        await wrapper.WrapAsync(Tenant, Day, _key, None);
        Assert.Equal(2, _vault.Count("get"));
        Assert.Equal(1, _vault.Count("create"));
    }

    /// <summary>The vault makes two versions; each maker goes on with its own for an hour, and all of them open.</summary>
    [Fact]
    public async Task Two_who_make_a_key_at_once_make_two_versions_and_both_open()
    {
        KeyVaultKeyWrapper[] processes = [_vault.Client(_time), _vault.Client(_time)];
        _vault.Before = Together("create", 2);
        WrappedKey[] wrapped = await Task.WhenAll(processes.Select(process => process.WrapAsync(Tenant, Day, _key, None)));

        Assert.Equal(2, _vault.Versions(Kek));
        Assert.NotEqual(wrapped[0].KekId, wrapped[1].KekId);
        foreach (KeyVaultKeyWrapper process in processes)
        {
            await UnwrapAsync(process, wrapped[0]);
            await UnwrapAsync(process, wrapped[1]);
        }

        _time.Advance(TimeSpan.FromHours(1));
        WrappedKey[] later = [await processes[0].WrapAsync(Tenant, Day, _key, None), await processes[1].WrapAsync(Tenant, Day, _key, None)];
        Assert.Equal(later[0].KekId, later[1].KekId);
    }

    [Fact]
    public async Task A_signature_of_an_older_version_of_the_signing_key_still_verifies()
    {
        KeySignature old = await _vault.Client(_time).SignAsync(_key, None);
        _vault.NewVersion("signing");
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        KeySignature young = await wrapper.SignAsync(_key, None);

        Assert.NotEqual(old.KeyId, young.KeyId);
        Assert.True(await wrapper.VerifyAsync(_key, old, None));
        Assert.True(await wrapper.VerifyAsync(_key, young, None));
        Assert.False(await wrapper.VerifyAsync(_key, old with { KeyId = young.KeyId }, None));
    }

    public static TheoryData<string> Nonsense =>
    [
        "", "/", "x", "1001-202611", "1001-202611/", $"1001-202611/{Version}/", $"1001-202611/{Version[..31]}", $"1001-202611/{Version[..31]}G",
        $"1001-202611/{Version.ToUpperInvariant()}", $"1001-2026-11/{Version}", $"1001-202613/{Version}", $"-202611/{Version}", $"1001/{Version}",
        $"../1001-202611/{Version}", $"..-202611/{Version}", $"1001?x=-202611/{Version}", $"1001#-202611/{Version}", $"10 01-202611/{Version}",
        $"https://other.vault.azure.net/keys/kek-1001-202611/{Version}", $"1001-202611/{Version}\n", $"é-202611/{Version}",
    ];

    private static string Version => "0123456789abcdef0123456789abcdef";

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task A_name_that_is_none_is_refused_without_a_call(string kekId)
    {
        Assert.Null(await _vault.Client(_time).UnwrapAsync(new WrappedKey(kekId, new byte[384]), None));
        Assert.False(await _vault.Client(_time).VerifyAsync(_key, new KeySignature(kekId, new byte[64]), None));
        Assert.Equal((0, 0), (_vault.Calls, _vault.Challenges));
    }

    [Fact]
    public async Task No_more_calls_than_agreed_are_under_way_at_once()
    {
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        WrappedKey wrapped = await wrapper.WrapAsync(Tenant, Day, _key, None);
        await UnwrapAsync(wrapper, wrapped);
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _vault.Before = _ => open.Task;
        Task full = _vault.WhenInFlightAsync(KeyVaultKeys.MaxCalls);

        Task[] all = [.. Enumerable.Range(0, 3 * KeyVaultKeys.MaxCalls).Select(_ => UnwrapAsync(wrapper, wrapped))];
        await full;
        Assert.All(all, one => Assert.False(one.IsCompleted));
        open.SetResult();
        await Task.WhenAll(all);

        Assert.Equal(KeyVaultKeys.MaxCalls, _vault.MostInFlight);
        Assert.Equal(1 + (3 * KeyVaultKeys.MaxCalls), _vault.Count("unwrapKey"));
    }

    [Fact]
    public async Task Who_waits_for_the_vault_may_give_up()
    {
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        WrappedKey wrapped = await wrapper.WrapAsync(Tenant, Day, _key, None);
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _vault.Before = _ => open.Task;
        Task full = _vault.WhenInFlightAsync(KeyVaultKeys.MaxCalls);
        Task[] others = [.. Enumerable.Range(0, KeyVaultKeys.MaxCalls).Select(_ => UnwrapAsync(wrapper, wrapped))];
        await full;
        using CancellationTokenSource impatient = new();
        Task<SecretBytes?> mine = wrapper.UnwrapAsync(wrapped, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mine);

        open.SetResult();
        await Task.WhenAll(others);
        await UnwrapAsync(wrapper, wrapped);
    }

    [Fact]
    public async Task A_key_may_do_only_what_it_is_for()
    {
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        WrappedKey wrapped = await wrapper.WrapAsync(Tenant, Day, _key, None);
        KeySignature signature = await wrapper.SignAsync(_key, None);

        Assert.Equal(["unwrapKey", "wrapKey"], _vault.Operations(Kek));
        Assert.Equal(["sign", "verify"], _vault.Operations("signing"));
        VaultAnswer signed = await _vault.AnswerAsync(new VaultCall("sign", Kek, wrapped.KekId.Split('/')[1], new() { ["alg"] = "ES256", ["value"] = "" }));
        VaultAnswer opened = await _vault.AnswerAsync(new VaultCall("unwrapKey", "signing", signature.KeyId, new() { ["alg"] = "RSA-OAEP-256", ["value"] = "" }));
        Assert.All([signed, opened], answer => Assert.Equal(System.Net.HttpStatusCode.Forbidden, answer.Status));
    }

    /// <summary>Calls of that kind wait until so many have come.</summary>
    private static Func<VaultCall, Task> Together(string operation, int count)
    {
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int come = 0;
        return call =>
        {
            if (call.Operation != operation)
            {
                return Task.CompletedTask;
            }

            if (Interlocked.Increment(ref come) == count)
            {
                all.SetResult();
            }

            return all.Task;
        };
    }

    private async Task UnwrapAsync(KeyVaultKeyWrapper wrapper, WrappedKey wrapped)
    {
        using SecretBytes? opened = await wrapper.UnwrapAsync(wrapped, None);
        Assert.Equal(_key, opened?.Reveal().ToArray());
    }
}
