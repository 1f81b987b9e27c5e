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

    public uint NextSignedId { get; set; } = 1;

    public uint NextOneTimeId { get; set; } = 1;

    /// <summary>The newest signed pre-key that the transport has.</summary>
    public uint PublishedSignedId { get; set; }

    /// <summary>One-time pre-keys up to this id are, or were, with the transport.</summary>
    public uint PublishedOneTimeId { get; set; }

    internal static KeyStock Create(IdentityKeyPair identity, DateTimeOffset now)
    {
        KeyStock stock = new();
        stock.Rotate(identity, now);
        stock.Add(FullStock);
        return stock;
    }

    internal bool IsSignedDue(DateTimeOffset now) => now - Signed[^1].CreatedAt >= SignedLife;

    internal void Rotate(IdentityKeyPair identity, DateTimeOffset now)
    {
        foreach (StoredSignedPreKey old in Signed.Where(key => now - key.CreatedAt > SignedKept).ToList())
        {
            Signed.Remove(old);
            old.Dispose();
        }

        Signed.Add(StoredSignedPreKey.Generate(identity, NextSignedId++, now));
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

    internal void Remove(uint id)
    {
        if (OneTime.Find(key => key.Id == id) is { } key)
        {
            OneTime.Remove(key);
            key.Dispose();
        }
    }

    /// <summary>What the transport doesn't have yet, or null.</summary>
    internal UploadKeysRequest? Unpublished()
    {
        List<PreKeyUpload> oneTime = [.. OneTime.Where(key => key.Id > PublishedOneTimeId).Take(FullStock).Select(key => key.ToUpload())];
        SignedPreKeyUpload? signed = Signed[^1].Id > PublishedSignedId ? Signed[^1].ToUpload() : null;
        return oneTime.Count == 0 && signed is null ? null : new UploadKeysRequest { SignedPreKey = signed, OneTimePreKeys = oneTime };
    }

    internal void MarkPublished(UploadKeysRequest keys)
    {
        PublishedSignedId = Math.Max(PublishedSignedId, keys.SignedPreKey?.Id ?? 0);
        PublishedOneTimeId = Math.Max(PublishedOneTimeId, keys.OneTimePreKeys.Select(key => key.Id).DefaultIfEmpty().Max());
    }

    public void Dispose()
    {
        Signed.ForEach(key => key.Dispose());
        OneTime.ForEach(key => key.Dispose());
    }
}
