using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.KeyVault;

/// <summary>The promises of <see cref="IKeyWrapper"/> on Key Vault, emulated and real.</summary>
public abstract class KeyWrapperContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly UtcDay Day = new(new DateOnly(2026, 11, 26));

    private readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly List<KekName> _made = [];
    private readonly IKeyWrapper _wrapper;

    private protected KeyWrapperContract() => _wrapper = Connect();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (KekName kek in _made)
        {
            await _wrapper.DestroyAsync(kek, None);
        }
    }

    /// <summary>Another process's connection to the same vault.</summary>
    private protected abstract IKeyWrapper Connect();

    [StorageFact]
    public async Task A_wrapped_key_says_which_version_of_which_months_key_opens_it()
    {
        string tenant = NewTenant();
        WrappedKey wrapped = await _wrapper.WrapAsync(tenant, Day, _key, None);

        Assert.Matches($"^{tenant}-202611/[0-9a-f]{{32}}$", wrapped.KekId);
        Assert.Equal(384, wrapped.Bytes.Length);
        using SecretBytes? opened = await Connect().UnwrapAsync(wrapped, None);
        Assert.Equal(_key, opened?.Reveal().ToArray());
    }

    [StorageFact]
    public async Task What_a_key_did_not_wrap_is_no_key()
    {
        WrappedKey mine = await _wrapper.WrapAsync(NewTenant(), Day, _key, None);
        WrappedKey theirs = await _wrapper.WrapAsync(NewTenant(), Day, _key, None);

        Assert.Null(await _wrapper.UnwrapAsync(mine with { KekId = theirs.KekId }, None));
        Assert.Null(await _wrapper.UnwrapAsync(mine with { Bytes = [.. mine.Bytes.Reverse()] }, None));
        Assert.Null(await _wrapper.UnwrapAsync(mine with { Bytes = [1, 2, 3] }, None));
        Assert.Null(await _wrapper.UnwrapAsync(mine with { Bytes = [] }, None));
    }

    [StorageFact]
    public async Task A_key_that_is_not_there_is_a_fault_and_no_answer()
    {
        string tenant = NewTenant();
        WrappedKey mine = await _wrapper.WrapAsync(tenant, Day, _key, None);
        string version = mine.KekId.Split('/')[1];

        await AssertNotFoundAsync(() => _wrapper.UnwrapAsync(mine with { KekId = $"{tenant}-202612/{version}" }, None));
        await AssertNotFoundAsync(() => _wrapper.UnwrapAsync(mine with { KekId = $"{tenant}-202611/{new string('0', 32)}" }, None));
    }

    [StorageFact]
    public async Task All_who_make_a_months_key_at_once_can_open_what_each_of_them_wrapped()
    {
        string tenant = NewTenant();
        IKeyWrapper[] processes = [_wrapper, Connect(), Connect()];
        WrappedKey[] wrapped = await Task.WhenAll(processes.Select(process => process.WrapAsync(tenant, Day, _key, None)));

        foreach (WrappedKey one in wrapped)
        {
            using SecretBytes? opened = await Connect().UnwrapAsync(one, None);
            Assert.Equal(_key, opened?.Reveal().ToArray());
        }
    }

    [StorageFact]
    public async Task A_signature_is_over_these_bytes_and_by_the_key_it_names()
    {
        KeySignature signature = await _wrapper.SignAsync("data"u8.ToArray(), None);
        IKeyWrapper other = Connect();

        Assert.Equal(64, signature.Bytes.Length);
        Assert.Matches("^[0-9a-f]{32}$", signature.KeyId);
        Assert.True(await other.VerifyAsync("data"u8.ToArray(), signature, None));
        Assert.False(await other.VerifyAsync("date"u8.ToArray(), signature, None));
        Assert.False(await other.VerifyAsync("data"u8.ToArray(), signature with { Bytes = new byte[64] }, None));
        Assert.False(await other.VerifyAsync("data"u8.ToArray(), signature with { Bytes = [] }, None));
        Assert.False(await other.VerifyAsync("data"u8.ToArray(), signature with { KeyId = new string('0', 32) }, None));
    }

    [StorageFact]
    public async Task A_destroyed_key_opens_nothing_and_may_be_destroyed_again()
    {
        string tenant = NewTenant();
        WrappedKey wrapped = await _wrapper.WrapAsync(tenant, Day, _key, None);
        await _wrapper.DestroyAsync(KekName.Of(tenant, Day), None);

        await AssertNotFoundAsync(() => Connect().UnwrapAsync(wrapped, None));
        await Connect().DestroyAsync(KekName.Of(tenant, Day), None);
        await _wrapper.DestroyAsync(new KekName(tenant, "202001"), None);
    }

    private static async Task AssertNotFoundAsync(Func<Task> call)
    {
        StorageFaultException fault = await Assert.ThrowsAsync<StorageFaultException>(call);
        Assert.Equal((404, "KeyNotFound", "key vault"), (fault.Status, fault.ErrorCode, fault.Target));
    }

    /// <summary>Nobody else has it, also not in a vault that others test on.</summary>
    private string NewTenant()
    {
        string tenant = "9" + UInt128.Parse(Guid.NewGuid().ToString("N"), NumberStyles.HexNumber, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)[..14];
        _made.Add(KekName.Of(tenant, Day));
        return tenant;
    }
}
