using Relay.Shared.Signal;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Keys;

/// <summary>The phone's Kyber pre-keys: the last-resort ones and the one-time ones, told apart by their ids. Empty in a state from before there were any.</summary>
internal sealed class KyberStock : IDisposable
{
    internal const int FullStock = 30;
    internal const int LowStock = 10;

    /// <summary>Keys handed out to somebody who never wrote stay here; beyond this the oldest go.</summary>
    internal const int MaxOneTime = 4 * FullStock;

    /// <summary>Oldest first; the last one is the current one.</summary>
    public List<LastResortKey> LastResort { get; init; } = [];

    public List<StoredKyberPreKey> OneTime { get; init; } = [];

    /// <summary>Of both kinds: no id serves twice.</summary>
    public uint NextId { get; set; } = 1;

    /// <summary>The newest last-resort key that the transport has.</summary>
    public uint PublishedLastResortId { get; set; }

    /// <summary>One-time keys up to this id are, or were, with the transport.</summary>
    public uint PublishedOneTimeId { get; set; }

    /// <summary>Null in a state from before there were any.</summary>
    internal LastResortKey? Current => LastResort.Count > 0 ? LastResort[^1] : null;

    /// <summary>Whether the last-resort key is missing or used up; its age is the signed pre-key's.</summary>
    internal bool IsDue => Current is not { IsUsedUp: false };

    internal void Rotate(IdentityKeyPair identity, DateTimeOffset now)
    {
        foreach (LastResortKey old in LastResort.Where(key => now - key.CreatedAt > KeyStock.SignedKept).ToList())
        {
            LastResort.Remove(old);
            old.Dispose();
        }

        LastResort.Add(new LastResortKey { Key = StoredKyberPreKey.Generate(identity, NextId++), CreatedAt = now });
    }

    internal void Add(IdentityKeyPair identity, int count)
    {
        for (int i = 0; i < count; i++)
        {
            OneTime.Add(StoredKyberPreKey.Generate(identity, NextId++));
        }

        while (OneTime.Count > MaxOneTime)
        {
            Remove(OneTime[0].Id);
        }
    }

    /// <summary>Null when there is no such key, or it may open no more sessions.</summary>
    internal StoredKyberPreKey? Find(uint id) =>
        OneTime.Find(key => key.Id == id) ?? LastResort.Find(key => key.Key.Id == id && !key.IsUsedUp)?.Key;

    /// <summary>Deletes a one-time key, or notes what a last-resort key opened. False when that session was opened before.</summary>
    internal bool Use(PreKeyUse use)
    {
        if (use.KyberPreKeyId is not { } id)
        {
            return true;
        }

        Remove(id);
        return LastResort.Find(key => key.Key.Id == id)?.Note(use) ?? true;
    }

    /// <summary>The last-resort key, if the transport doesn't have it.</summary>
    internal KyberPreKeyUpload? UnpublishedLastResort() =>
        Current?.Key is { } key && key.Id > PublishedLastResortId ? key.ToUpload() : null;

    /// <summary>One-time keys that the transport doesn't have.</summary>
    internal List<KyberPreKeyUpload> UnpublishedOneTime() =>
        [.. OneTime.Where(key => key.Id > PublishedOneTimeId).Take(TransportLimits.MaxKyberPreKeysPerUpload).Select(key => key.ToUpload())];

    internal void MarkPublished(UploadKeysRequest keys)
    {
        PublishedLastResortId = Math.Max(PublishedLastResortId, keys.LastResortKyberPreKey?.Id ?? 0);
        PublishedOneTimeId = Math.Max(PublishedOneTimeId, keys.KyberPreKeys.Select(key => key.Id).DefaultIfEmpty().Max());
    }

    public void Dispose()
    {
        LastResort.ForEach(key => key.Dispose());
        OneTime.ForEach(key => key.Dispose());
    }

    private void Remove(uint id)
    {
        if (OneTime.Find(key => key.Id == id) is { } key)
        {
            OneTime.Remove(key);
            key.Dispose();
        }
    }
}
