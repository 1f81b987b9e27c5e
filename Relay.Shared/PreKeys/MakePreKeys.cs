using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;

namespace Relay.Shared.PreKeys;

/// <summary>Makes a business number's new pre-keys durable, before anybody learns their public halves.</summary>
public sealed class MakePreKeys(PreKeyStore store, TimeProvider time)
{
    /// <summary>One-time keys that the transport should hold of each kind.</summary>
    internal const int OneTimeStock = 60;

    internal const int KyberStock = 30;

    /// <summary>How long signed and last-resort keys are the current ones.</summary>
    internal static readonly TimeSpan CurrentLife = TimeSpan.FromDays(7);

    /// <summary>Adds what is missing: current keys when they are due, and so many one-time keys. False when another writer was first.</summary>
    internal async Task<bool> AddAsync(
        BusinessId business, PhoneNumberId number, IdentityKeyPair identity, PreKeyState before, int oneTime, int kyber, CancellationToken cancellationToken)
    {
        using PreKeyBatch batch = new();
        PreKeyState next = before;
        uint id = before.NextId;
        if (IsDue(before))
        {
            batch.Signed = SignedPreKeyPair.Generate(identity, id++);
            batch.LastResort = KyberPreKeyPair.Generate(identity, id++);
            next = next with { SignedId = batch.Signed.Id, LastResortId = batch.LastResort.Id, Made = time.GetUtcNow() };
        }

        for (int i = 0; i < oneTime; i++)
        {
            batch.OneTime.Add(PreKeyPair.Generate(id++));
        }

        for (int i = 0; i < kyber; i++)
        {
            batch.Kyber.Add(KyberPreKeyPair.Generate(identity, id++));
        }

        return batch.IsEmpty || await store.SaveAsync(business, number, before, next with { NextId = id }, batch, cancellationToken);
    }

    internal bool IsDue(PreKeyState state) => state.ETag is null || time.GetUtcNow() - state.Made >= CurrentLife;
}
