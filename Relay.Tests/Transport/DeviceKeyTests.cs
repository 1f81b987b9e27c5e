using System.Collections.Concurrent;
using Relay.Shared.Signal;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Xunit;

namespace Relay.Tests.Transport;

public sealed class DeviceKeyTests : IAsyncLifetime
{
    private const string Number = "+491511234567";

    private readonly TransportHarness _transport = new();

    public async Task InitializeAsync() => await _transport.CreateStorageAsync();

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task Thirty_two_takers_at_once_share_twenty_keys_without_sharing_one()
    {
        DeviceKeys keys = TestKeys.Create(oneTime: 20);
        await _transport.RegisterAsync(Number, keys);
        using Barrier together = new(32);
        PreKeyUpload?[] taken = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                return _transport.TakeAsync(Number);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        uint[] ids = [.. taken.OfType<PreKeyUpload>().Select(key => key.Id).Order()];
        Assert.Equal(keys.OneTimePreKeys.Select(key => key.Id), ids);
        Assert.All(taken.OfType<PreKeyUpload>(), key => Assert.Equal(keys.OneTimePreKeys.Single(k => k.Id == key.Id).PublicKey, key.PublicKey));
    }

    [Fact]
    public async Task An_empty_stock_gives_a_bundle_without_a_one_time_key()
    {
        DeviceKeys keys = TestKeys.Create(oneTime: 0);
        await _transport.RegisterAsync(Number, keys);
        BundleResponse bundle = (await _transport.Get<TakeBundle>().ExecuteAsync(new(Number), default)).Value!;

        Assert.Null(bundle.OneTimePreKey);
        Assert.Equal(keys.IdentityKey, bundle.IdentityKey);
        Assert.Equal(keys.SignedPreKey.Signature, bundle.SignedPreKey.Signature);
        Assert.Equal(TransportErrorCode.UnknownNumber, (await _transport.Get<TakeBundle>().ExecuteAsync(new("+491511234999"), default)).Code);
    }

    [Fact]
    public async Task A_repeated_upload_does_not_bring_back_a_key_that_was_handed_out()
    {
        AuthenticatedDevice device = await _transport.RegisterAsync(Number, TestKeys.Create(oneTime: 0));
        UploadKeysRequest upload = new() { OneTimePreKeys = TestKeys.OneTime(10, 60) };
        Assert.Equal(60, (await _transport.Get<UploadKeys>().ExecuteAsync(device, upload, default)).Value!.OneTimePreKeys);
        PreKeyUpload taken = (await _transport.TakeAsync(Number))!;

        Assert.Equal(59, (await _transport.Get<UploadKeys>().ExecuteAsync(device, upload, default)).Value!.OneTimePreKeys);

        List<uint> rest = [];
        while (await _transport.TakeAsync(Number) is { } next)
        {
            rest.Add(next.Id);
        }

        Assert.DoesNotContain(taken.Id, rest);
        Assert.Equal(59, rest.Distinct().Count());
    }

    [Fact]
    public async Task The_stock_ends_at_two_hundred_keys()
    {
        AuthenticatedDevice device = await _transport.RegisterAsync(Number, TestKeys.Create(oneTime: 100));
        UploadKeys upload = _transport.Get<UploadKeys>();
        Assert.Equal(190, (await upload.ExecuteAsync(device, new() { OneTimePreKeys = TestKeys.OneTime(1000, 90) }, default)).Value!.OneTimePreKeys);
        Assert.Equal(200, (await upload.ExecuteAsync(device, new() { OneTimePreKeys = TestKeys.OneTime(2000, 90) }, default)).Value!.OneTimePreKeys);
    }

    [Fact]
    public async Task The_signed_pre_key_is_replaced_only_by_one_that_the_identity_key_signed()
    {
        IdentityKeyPair identity = IdentityKeyPair.Generate();
        AuthenticatedDevice device = await _transport.RegisterAsync(Number, TestKeys.Create(identity: identity));
        UploadKeys upload = _transport.Get<UploadKeys>();

        Assert.Equal(7u, (await upload.ExecuteAsync(device, new() { SignedPreKey = TestKeys.Signed(identity, 7) }, default)).Value!.SignedPreKeyId);
        using IdentityKeyPair other = IdentityKeyPair.Generate();
        Assert.Equal(TransportErrorCode.BadRequest, (await upload.ExecuteAsync(device, new() { SignedPreKey = TestKeys.Signed(other, 8) }, default)).Code);
        Assert.Equal(7u, (await _transport.Get<CountKeys>().ExecuteAsync(device, default)).Value!.SignedPreKeyId);
        identity.Dispose();
    }

    [Fact]
    public async Task Registering_again_with_the_same_keys_keeps_the_unused_ones_and_no_others()
    {
        DeviceKeys keys = TestKeys.Create(oneTime: 5);
        await _transport.RegisterBusinessAsync(Number, keys);
        PreKeyUpload taken = (await _transport.TakeAsync(Number))!;

        AuthenticatedDevice again = await _transport.RegisterBusinessAsync(Number, keys);
        Assert.Equal(4, (await _transport.Get<CountKeys>().ExecuteAsync(again, default)).Value!.OneTimePreKeys);
        Assert.NotEqual(taken.Id, (await _transport.TakeAsync(Number))!.Id);
    }

    [Fact]
    public async Task Of_two_businesses_that_claim_a_number_the_first_has_it()
    {
        AuthenticatedDevice first = await _transport.RegisterBusinessAsync(Number, TestKeys.Create(oneTime: 1));
        byte[] identity = (await _transport.Get<FindIdentity>().ExecuteAsync(new(Number), default)).Value!.IdentityKey;

        Assert.Equal(TransportErrorCode.NumberTaken, (await _transport.ClaimAsync(Number)).Code);
        Assert.Equal(identity, (await _transport.Get<FindIdentity>().ExecuteAsync(new(Number), default)).Value!.IdentityKey);
        Assert.Equal(1, (await _transport.Get<CountKeys>().ExecuteAsync(first, default)).Value!.OneTimePreKeys);

        await _transport.RegisterAsync(Number);
        Assert.True((await _transport.ClaimAsync(Number)).IsSuccess);
    }

    [Fact]
    public async Task Of_many_that_claim_a_number_at_once_one_has_it()
    {
        ConcurrentBag<TransportResult<DeviceCredentialResponse>> claims = [];
        await Parallel.ForAsync(0, 8, async (_, _) => claims.Add(await _transport.ClaimAsync(Number)));

        DeviceCredentialResponse won = Assert.Single(claims, claim => claim.IsSuccess).Value!;
        Assert.NotNull(await _transport.AuthenticateAsync(Number, won.Credential));
        Assert.All(claims.Where(claim => !claim.IsSuccess), claim => Assert.Equal(TransportErrorCode.NumberTaken, claim.Code));
    }

    [Fact]
    public async Task A_new_device_never_answers_with_keys_of_the_old_one()
    {
        await _transport.RegisterAsync(Number, TestKeys.Create(oneTime: 5));
        DeviceKeys keys = TestKeys.Create(oneTime: 0);
        await _transport.RegisterAsync(Number, keys);

        BundleResponse bundle = (await _transport.Get<TakeBundle>().ExecuteAsync(new(Number), default)).Value!;
        Assert.Equal(keys.IdentityKey, bundle.IdentityKey);
        Assert.Null(bundle.OneTimePreKey);
        Assert.Equal(keys.IdentityKey, (await _transport.Get<FindIdentity>().ExecuteAsync(new(Number), default)).Value!.IdentityKey);
    }

    public static TheoryData<string, Func<DeviceKeys, DeviceKeys>> BadKeys => new()
    {
        { "registration id 0", keys => keys with { RegistrationId = 0 } },
        { "registration id too large", keys => keys with { RegistrationId = 16381 } },
        { "identity key too short", keys => keys with { IdentityKey = keys.IdentityKey[..32] } },
        { "identity key of another type", keys => keys with { IdentityKey = [0x06, .. keys.IdentityKey[1..]] } },
        { "identity key not canonical", keys => keys with { IdentityKey = [0x05, .. Enumerable.Repeat((byte)0xFF, 32)] } },
        { "signed id 0", keys => keys with { SignedPreKey = keys.SignedPreKey with { Id = 0 } } },
        { "signed id too large", keys => keys with { SignedPreKey = keys.SignedPreKey with { Id = 0xFFFFFF } } },
        { "signature too short", keys => keys with { SignedPreKey = keys.SignedPreKey with { Signature = new byte[63] } } },
        { "signature of nothing", keys => keys with { SignedPreKey = keys.SignedPreKey with { Signature = new byte[64] } } },
        { "one-time key too long", keys => keys with { OneTimePreKeys = [new PreKeyUpload(1, new byte[34])] } },
        { "one-time id twice", keys => keys with { OneTimePreKeys = [.. TestKeys.OneTime(1, 1), .. TestKeys.OneTime(1, 1)] } },
        { "one-time key twice", keys => keys with { OneTimePreKeys = [keys.OneTimePreKeys[0], keys.OneTimePreKeys[0] with { Id = 99 }] } },
        { "too many one-time keys", keys => keys with { OneTimePreKeys = TestKeys.OneTime(1, 101) } },
        { "a null one-time key", keys => keys with { OneTimePreKeys = [null!] } },
    };

    [Theory]
    [MemberData(nameof(BadKeys))]
    public void Keys_that_no_peer_could_use_are_refused(string what, Func<DeviceKeys, DeviceKeys> spoil)
    {
        DeviceKeys good = TestKeys.Create();
        Assert.Null(DeviceKeyRules.Check(good));
        Assert.True(DeviceKeyRules.Check(spoil(good))?.Code == TransportErrorCode.BadRequest, what);
    }
}
