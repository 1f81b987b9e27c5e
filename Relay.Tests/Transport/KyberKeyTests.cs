using Relay.Shared.Signal;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Xunit;

namespace Relay.Tests.Transport;

/// <summary>Kyber pre-keys beside the others: one-time ones once, the last-resort one whenever they are used up.</summary>
public sealed class KyberKeyTests : IAsyncLifetime
{
    private const string Number = "+491511234567";

    private readonly TransportHarness _transport = new();
    private readonly IdentityKeyPair _identity = IdentityKeyPair.Generate();

    public async Task InitializeAsync() => await _transport.CreateStorageAsync();

    public async Task DisposeAsync()
    {
        _identity.Dispose();
        await _transport.DisposeAsync();
    }

    [Fact]
    public async Task One_time_keys_are_handed_out_once_and_then_the_last_resort_key_again_and_again()
    {
        DeviceKeys keys = Keys(oneTime: 2);
        AuthenticatedDevice device = await _transport.RegisterAsync(Number, keys);
        uint[] handedOut = [await TakeIdAsync(), await TakeIdAsync(), await TakeIdAsync(), await TakeIdAsync()];

        Assert.Equal([2u, 3u], handedOut[..2].Order());
        Assert.Equal([1u, 1u], handedOut[2..]);
        KeyCountResponse count = await CountAsync(device);
        Assert.Equal((1u, 0), (count.LastResortKyberPreKeyId, count.KyberPreKeys));

        // Repeated, say because the answer was lost: what was taken stays taken.
        await _transport.Get<UploadKeys>().ExecuteAsync(device, new() { KyberPreKeys = [.. keys.KyberPreKeys, TestKeys.Kyber(_identity, 4)] }, default);
        Assert.Equal(1, (await CountAsync(device)).KyberPreKeys);
        Assert.Equal(4u, await TakeIdAsync());
    }

    [Fact]
    public async Task The_last_resort_key_is_replaced_and_the_signed_one_kept()
    {
        AuthenticatedDevice device = await _transport.RegisterAsync(Number, Keys(oneTime: 0));
        uint signed = (await CountAsync(device)).SignedPreKeyId;
        KyberPreKeyUpload next = TestKeys.Kyber(_identity, 9);

        KeyCountResponse count = (await _transport.Get<UploadKeys>().ExecuteAsync(device, new() { LastResortKyberPreKey = next }, default)).Value!;
        Assert.Equal((signed, 9u), (count.SignedPreKeyId, count.LastResortKyberPreKeyId));
        Assert.Equal(next.PublicKey, (await TakeAsync()).KyberPreKey!.PublicKey);
    }

    [Fact]
    public async Task A_device_without_Kyber_keys_has_none_in_its_bundle()
    {
        AuthenticatedDevice device = await _transport.RegisterAsync(Number);
        Assert.Null((await TakeAsync()).KyberPreKey);
        Assert.Null((await CountAsync(device)).LastResortKyberPreKeyId);
    }

    [Fact]
    public async Task What_is_no_signed_Kyber_key_is_refused_and_changes_nothing()
    {
        AuthenticatedDevice device = await _transport.RegisterAsync(Number, Keys(oneTime: 1));
        using IdentityKeyPair other = IdentityKeyPair.Generate();
        KyberPreKeyUpload good = TestKeys.Kyber(_identity, 7);
        KyberPreKeyUpload foreign = TestKeys.Kyber(other, 7);
        byte[] wrongType = [0x0A, .. good.PublicKey.AsSpan(1)];
        byte[] noKey = [0x08, .. Enumerable.Repeat((byte)0xFF, 1568)];
        KyberPreKeyUpload[] bad =
        [
            foreign, good with { Id = 0 }, good with { Id = 0xFFFFFF }, good with { PublicKey = good.PublicKey[..^1] }, good with { Signature = [] },
            new(7, wrongType, _identity.Sign(wrongType)), new(7, noKey, _identity.Sign(noKey)),
        ];

        foreach (KyberPreKeyUpload key in bad)
        {
            Assert.Equal(TransportErrorCode.BadRequest, (await _transport.Get<UploadKeys>().ExecuteAsync(device, new() { LastResortKyberPreKey = key }, default)).Code);
            Assert.Equal(TransportErrorCode.BadRequest, (await _transport.Get<UploadKeys>().ExecuteAsync(device, new() { KyberPreKeys = [key] }, default)).Code);
        }

        Assert.Equal(TransportErrorCode.BadRequest, (await _transport.Get<UploadKeys>().ExecuteAsync(device, new() { KyberPreKeys = [good, good] }, default)).Code);
        Assert.Equal(TransportErrorCode.BadRequest, (await _transport.ClaimAsync("+4930123", Keys(1) with { LastResortKyberPreKey = null })).Code);
        KeyCountResponse count = await CountAsync(device);
        Assert.Equal((1u, 1), (count.LastResortKyberPreKeyId, count.KyberPreKeys));
    }

    private DeviceKeys Keys(int oneTime) => TestKeys.Create(identity: _identity) with
    {
        LastResortKyberPreKey = TestKeys.Kyber(_identity, 1),
        KyberPreKeys = [.. Enumerable.Range(0, oneTime).Select(i => TestKeys.Kyber(_identity, 2 + (uint)i))],
    };

    private async Task<BundleResponse> TakeAsync() => (await _transport.Get<TakeBundle>().ExecuteAsync(new(Number), default)).Value!;

    private async Task<uint> TakeIdAsync() => (await TakeAsync()).KyberPreKey!.Id;

    private async Task<KeyCountResponse> CountAsync(AuthenticatedDevice device) => (await _transport.Get<CountKeys>().ExecuteAsync(device, default)).Value!;
}
