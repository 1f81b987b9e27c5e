using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Tests.Simulation;

/// <summary>One process's way to the key vault: every call is a step of the schedule.</summary>
internal sealed class SimulatedVault(IKeyWrapper inner, SimulatedProcess process, SimulatedSchedule schedule) : IKeyWrapper
{
    public Task PrepareAsync(KekName kek, CancellationToken cancellationToken) => CallAsync(
        "prepare",
        async () =>
        {
            await inner.PrepareAsync(kek, CancellationToken.None);
            return true;
        },
        cancellationToken);

    public Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        // Copied now: the caller wipes it.
        byte[] copy = key.ToArray();
        return CallAsync("wrap", () => inner.WrapAsync(tenant, day, copy, CancellationToken.None), cancellationToken);
    }

    public Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken) =>
        CallAsync("unwrap", () => inner.UnwrapAsync(wrapped, CancellationToken.None), cancellationToken);

    public Task<KeySignature> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        CallAsync("sign", () => inner.SignAsync(data, CancellationToken.None), cancellationToken);

    public Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, KeySignature signature, CancellationToken cancellationToken) =>
        CallAsync("verify", () => inner.VerifyAsync(data, signature, CancellationToken.None), cancellationToken);

    public Task<SigningKey?> FindSigningKeyAsync(string? version, CancellationToken cancellationToken) =>
        CallAsync("signing key", () => inner.FindSigningKeyAsync(version, CancellationToken.None), cancellationToken);

    public Task DestroyAsync(KekName kek, CancellationToken cancellationToken) => CallAsync(
        "destroy",
        async () =>
        {
            await inner.DestroyAsync(kek, CancellationToken.None);
            return true;
        },
        cancellationToken);

    private Task<T> CallAsync<T>(string what, Func<Task<T>> act, CancellationToken cancellationToken) =>
        schedule.CallAsync(process, ("vault:" + what, "keys", ""), act, act, fault => throw new HttpRequestException($"The vault: {fault}."), cancellationToken);
}
