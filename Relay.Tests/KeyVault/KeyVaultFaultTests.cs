using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Azure.KeyVault;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Xunit;

namespace Relay.Tests.KeyVault;

/// <summary>A vault that refuses or doesn't answer is a fault whose text holds neither key nor address nor tenant.</summary>
public sealed class KeyVaultFaultTests
{
    private const string Tenant = "491571234567";

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly UtcDay Day = new(new DateOnly(2026, 11, 26));

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly EmulatedVault _vault = new();
    private readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    public static TheoryData<string, string, int, string> Faults => new()
    {
        { "key get", nameof(VaultFault.Denied), 403, "Forbidden" },
        { "key get", nameof(VaultFault.Throttled), 429, "Throttled" },
        { "key get", nameof(VaultFault.Unavailable), 503, "ServiceUnavailable" },
        { "key get", nameof(VaultFault.Unreachable), 0, "HttpRequestException" },
        { "key create", nameof(VaultFault.Denied), 403, "Forbidden" },
        { "key create", nameof(VaultFault.Unavailable), 503, "ServiceUnavailable" },
        { "key create", nameof(VaultFault.AnswerLost), 0, "HttpRequestException" },
        { "key unwrap", nameof(VaultFault.Denied), 403, "Forbidden" },
        { "key unwrap", nameof(VaultFault.Throttled), 429, "Throttled" },
        { "key unwrap", nameof(VaultFault.Unavailable), 503, "ServiceUnavailable" },
        { "key unwrap", nameof(VaultFault.Unreachable), 0, "HttpRequestException" },
        { "key unwrap", nameof(VaultFault.AnswerLost), 0, "HttpRequestException" },
        { "key sign", nameof(VaultFault.Denied), 403, "Forbidden" },
        { "key sign", nameof(VaultFault.Throttled), 429, "Throttled" },
        { "key sign", nameof(VaultFault.AnswerLost), 0, "HttpRequestException" },
        { "key delete", nameof(VaultFault.Denied), 403, "Forbidden" },
        { "key delete", nameof(VaultFault.Unavailable), 503, "ServiceUnavailable" },
        { "key delete", nameof(VaultFault.Unreachable), 0, "HttpRequestException" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_lasting_fault_is_told_in_our_own_words(string operation, string fault, int status, string code)
    {
        WrappedKey wrapped = await _vault.Client(_time).WrapAsync(Tenant, Day, _key, None);
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        await wrapper.SignAsync(_key, None);
        await UnwrapAsync(wrapper, wrapped);
        string struck = operation == "key unwrap" ? "unwrapKey" : operation["key ".Length..];
        int before = _vault.Count(struck);
        _vault.Meets = call => call.Operation == struck ? Enum.Parse<VaultFault>(fault) : null;

        Task Act() => operation switch
        {
            "key get" => wrapper.WrapAsync(Tenant, Day, _key, None),
            "key create" => wrapper.WrapAsync(Tenant, Day.AddDays(30), _key, None),
            "key unwrap" => wrapper.UnwrapAsync(wrapped, None),
            "key sign" => wrapper.SignAsync(_key, None),
            _ => wrapper.DestroyAsync(KekName.Of(Tenant, Day), None),
        };
        AssertSays(await Assert.ThrowsAsync<StorageFaultException>(Act), operation, status, code);

        // Four tries where trying again may help, one where it can't.
        Assert.Equal(fault == nameof(VaultFault.Denied) ? 1 : 1 + VaultClients.Retries, _vault.Count(struck) - before);

        _vault.Meets = _ => null;
        await Act();
    }

    [Fact]
    public async Task A_passing_fault_is_not_noticed()
    {
        WrappedKey wrapped = await _vault.Client(_time).WrapAsync(Tenant, Day, _key, None);
        foreach (VaultFault fault in new[] { VaultFault.Throttled, VaultFault.Unavailable, VaultFault.Unreachable, VaultFault.AnswerLost })
        {
            KeyVaultKeyWrapper wrapper = _vault.Client(_time);
            int left = 0;
            _vault.Meets = _ => left-- > 0 ? fault : null;

            left = VaultClients.Retries;
            await UnwrapAsync(wrapper, wrapped);
            left = VaultClients.Retries;
            KeySignature signature = await wrapper.SignAsync(_key, None);
            left = VaultClients.Retries;
            Assert.True(await wrapper.VerifyAsync(_key, signature, None));
            left = VaultClients.Retries;
            await wrapper.DestroyAsync(new KekName(Tenant, "202610"), None);
        }
    }

    /// <summary>The vault made a version that nobody heard of, and the next try makes another.</summary>
    [Fact]
    public async Task A_key_whose_making_was_not_answered_is_made_again()
    {
        int lost = 1;
        _vault.Meets = call => call.Operation == "create" && lost-- > 0 ? VaultFault.AnswerLost : null;
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        WrappedKey wrapped = await wrapper.WrapAsync(Tenant, Day, _key, None);

        Assert.Equal(2, _vault.Versions($"kek-{Tenant}-202611"));
        await UnwrapAsync(_vault.Client(_time), wrapped);
    }

    [Fact]
    public async Task A_disabled_key_is_a_fault_until_it_is_enabled()
    {
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        WrappedKey wrapped = await wrapper.WrapAsync(Tenant, Day, _key, None);
        KeySignature signature = await wrapper.SignAsync(_key, None);
        string kek = $"kek-{Tenant}-202611";
        _vault.SetEnabled(kek, false);
        _vault.SetEnabled("signing", false);

        KeyVaultKeyWrapper other = _vault.Client(_time);
        AssertSays(await Assert.ThrowsAsync<StorageFaultException>(() => wrapper.UnwrapAsync(wrapped, None)), "key unwrap", 403, "Forbidden");
        AssertSays(await Assert.ThrowsAsync<StorageFaultException>(() => wrapper.SignAsync(_key, None)), "key sign", 403, "Forbidden");
        AssertSays(await Assert.ThrowsAsync<StorageFaultException>(() => other.WrapAsync(Tenant, Day, _key, None)), "key get", 403, "Forbidden");
        AssertSays(await Assert.ThrowsAsync<StorageFaultException>(() => other.VerifyAsync(_key, signature, None)), "key get", 403, "Forbidden");

        _vault.SetEnabled(kek, true);
        _vault.SetEnabled("signing", true);
        await UnwrapAsync(wrapper, wrapped);
        await UnwrapAsync(other, wrapped);
        Assert.True(await other.VerifyAsync(_key, signature, None));
    }

    [Fact]
    public async Task A_deleted_key_is_a_fault_and_its_name_is_not_used_again()
    {
        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        WrappedKey wrapped = await wrapper.WrapAsync(Tenant, Day, _key, None);
        _vault.Delete($"kek-{Tenant}-202611");

        AssertSays(await Assert.ThrowsAsync<StorageFaultException>(() => wrapper.UnwrapAsync(wrapped, None)), "key unwrap", 404, "KeyNotFound");
        AssertSays(await Assert.ThrowsAsync<StorageFaultException>(() => _vault.Client(_time).WrapAsync(Tenant, Day, _key, None)), "key create", 409, "Conflict");

        _vault.Recover($"kek-{Tenant}-202611");
        await UnwrapAsync(wrapper, wrapped);
    }

    /// <summary>
    /// Without the signing key nobody can tell a row of ours from a forged one: were that "forged", a rotation would leave every row behind and
    /// destroy the keys that open them.
    /// </summary>
    [Fact]
    public async Task A_missing_signing_key_is_a_fault_and_not_a_forgery()
    {
        KeySignature signature = await _vault.Client(_time).SignAsync(_key, None);
        _vault.Delete("signing");

        KeyVaultKeyWrapper wrapper = _vault.Client(_time);
        AssertSays(await Assert.ThrowsAsync<StorageFaultException>(() => wrapper.VerifyAsync(_key, signature, None)), "key get", 404, "KeyNotFound");

        _vault.Recover("signing");
        Assert.True(await wrapper.VerifyAsync(_key, signature, None));
        Assert.False(await wrapper.VerifyAsync(_key, signature with { KeyId = new string('a', 32) }, None));
    }

    private void AssertSays(StorageFaultException fault, string operation, int status, string code)
    {
        Assert.Equal((operation, "key vault", status, code), (fault.Operation, fault.Target, fault.Status, fault.ErrorCode));
        Assert.Null(fault.InnerException);
        string all = fault.ToString();
        Assert.DoesNotContain(Tenant, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("kek-", all, StringComparison.Ordinal);
        Assert.DoesNotContain("azure.net", all, StringComparison.Ordinal);
        Assert.DoesNotContain("http", fault.Message.Replace("HttpRequestException", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(TestCredential.Token, all, StringComparison.Ordinal);
        Assert.DoesNotContain(Base64Url.Of(_key), all, StringComparison.Ordinal);
    }

    private async Task UnwrapAsync(KeyVaultKeyWrapper wrapper, WrappedKey wrapped)
    {
        using SecretBytes? opened = await wrapper.UnwrapAsync(wrapped, None);
        Assert.Equal(_key, opened?.Reveal().ToArray());
    }
}
