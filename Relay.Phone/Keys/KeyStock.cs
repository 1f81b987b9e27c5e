using Relay.Shared.Signal;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Keys;

/// <summary>
/// The phone's pre-keys. New ones are saved before they are published, and published again as they are until the transport has
/// answered, so no public key is ever out without its private half.
/// </summary>
internal sealed class KeyStock : IDisposable
{
    internal const int FullStock = TransportLimits.MaxPreKeysPerUpload;

    /// <summary>Keys handed out to somebody who never wrote stay here; beyond this the oldest go.</summary>
    internal const int MaxOneTime = 4 * FullStock;

    internal static readonly TimeSpan SignedLife = TimeSpan.FromDays(7);

    /// <summary>A first message may name a key handed out on its last day, lie 30 days in a mailbox, and be repeated 30 days.</summary>
    internal static readonly TimeSpan SignedKept = SignedLife + TimeSpan.FromDays(60);

    /// <summary>Oldest first; the last one is the current one.</summary>
    public List<StoredSignedPreKey> Signed { get; init; } = [];

    public List<StoredPreKey> OneTime { get; init; } = [];

    /// <summary>Set, not init: JSON without it leaves it as it is.</summary>
    public KyberStock Kyber { get; set; } = new();

    public uint NextSignedId { get; set; } = 1;

    public uint NextOneTimeId { get; set; } = 1;

    /// <summary>The newest signed pre-key that the transport has.</summary>
    public uint PublishedSignedId { get; set; }

    /// <summary>One-time pre-keys up to this id are, or were, with the transport.</summary>
    public uint PublishedOneTimeId { get; set; }

    internal static KeyStock Create(IdentityKeyPair identity, KeySupply supply, DateTimeOffset now)
    {
        KeyStock stock = new();
        stock.Rotate(identity, now);
        stock.Add(supply.OneTime);
        stock.Kyber.Add(identity, supply.Kyber);
        return stock;
    }

    /// <summary>Whether the signed and the last-resort key are to be replaced: each week, together.</summary>
    internal bool IsDue(DateTimeOffset now) => now - Signed[^1].CreatedAt >= SignedLife || Kyber.IsDue;

    internal void Rotate(IdentityKeyPair identity, DateTimeOffset now)
    {
        foreach (StoredSignedPreKey old in Signed.Where(key => now - key.CreatedAt > SignedKept).ToList())
        {
            Signed.Remove(old);
            old.Dispose();
        }

        Signed.Add(StoredSignedPreKey.Generate(identity, NextSignedId++, now));
        Kyber.Rotate(identity, now);
    }

    internal void Add(int count)
    {
        for (int i = 0; i < count; i++)
        {
            OneTime.Add(StoredPreKey.Generate(NextOneTimeId++));
        }

        while (OneTime.Count > MaxOneTime)
        {
            Remove(OneTime[0].Id);
        }
    }

    /// <summary>
    /// Deletes the one-time keys that a first message used, and notes what a last-resort key opened. False when that session was
    /// opened before: then the message is a repeat, and nothing of it may stay.
    /// </summary>
    internal bool Use(PreKeyUse use)
    {
        if (!Kyber.Use(use))
        {
            return false;
        }

        if (use.OneTimePreKeyId is { } id)
        {
            Remove(id);
        }

        return true;
    }

    private bool HasSigned(KeyCountResponse stock) => stock.SignedPreKeyId == Signed[^1].Id;

    private bool HasLastResort(KeyCountResponse stock) => stock.LastResortKyberPreKeyId == Kyber.Current?.Key.Id;

    private void Remove(uint id)
    {
        if (OneTime.Find(key => key.Id == id) is { } key)
        {
            OneTime.Remove(key);
            key.Dispose();
        }
    }

    /// <summary>Whether the transport's current keys are ours.</summary>
    internal bool Has(KeyCountResponse stock) => HasSigned(stock) && HasLastResort(stock);

    /// <summary>What the transport doesn't have, whatever it answered before, is to be published again.</summary>
    internal void Unpublish(KeyCountResponse stock)
    {
        PublishedSignedId = HasSigned(stock) ? PublishedSignedId : 0;
        Kyber.PublishedLastResortId = HasLastResort(stock) ? Kyber.PublishedLastResortId : 0;
    }

    /// <summary>What the transport doesn't have yet, or null.</summary>
    internal UploadKeysRequest? Unpublished()
    {
        UploadKeysRequest request = new()
        {
            SignedPreKey = Signed[^1].Id > PublishedSignedId ? Signed[^1].ToUpload() : null,
            OneTimePreKeys = [.. OneTime.Where(key => key.Id > PublishedOneTimeId).Take(FullStock).Select(key => key.ToUpload())],
            LastResortKyberPreKey = Kyber.UnpublishedLastResort(),
            KyberPreKeys = Kyber.UnpublishedOneTime(),
        };
        return request is { SignedPreKey: null, OneTimePreKeys.Count: 0, LastResortKyberPreKey: null, KyberPreKeys.Count: 0 } ? null : request;
    }

    internal void MarkPublished(UploadKeysRequest keys)
    {
        PublishedSignedId = Math.Max(PublishedSignedId, keys.SignedPreKey?.Id ?? 0);
        PublishedOneTimeId = Math.Max(PublishedOneTimeId, keys.OneTimePreKeys.Select(key => key.Id).DefaultIfEmpty().Max());
        Kyber.MarkPublished(keys);
    }

    public void Dispose()
    {
        Signed.ForEach(key => key.Dispose());
        OneTime.ForEach(key => key.Dispose());
        Kyber.Dispose();
    }
}
