using System.Security.Cryptography;
using Relay.LocalHost.Demonstration;
using Relay.Privacy.Story;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Privacy.Watching;

/// <summary>Everything that must be nowhere in clear, and the search for it. The keys of <c>dek</c> are unwrapped to be looked for as well.</summary>
internal sealed class Secrets
{
    private readonly ClearTextScan _scan = new([]);
    private readonly HashSet<(string Account, string Tenant, string Row, string ETag)> _unwrapped = [];

    public int Spellings => _scan.Needles;

    /// <summary>Text that nobody else ever wrote.</summary>
    public string NewText(string about)
    {
        string text = $"{about} {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))} grüßt 👋";
        Add(text);
        return text;
    }

    public string Add(string secret)
    {
        _scan.Add(secret);
        return secret;
    }

    public void AddKey(string name, ReadOnlySpan<byte> key) => _scan.AddKey(name, key.ToArray());

    /// <summary>Looks for the keys of an account's <c>dek</c> from now on too.</summary>
    public async Task AddKeysAsync(AccountCopy copy, CancellationToken cancellationToken)
    {
        foreach (TableRow row in copy.Of(TableNames.Dek))
        {
            if (row.Columns.TryGetValue("key", out object? wrapped)
                && _unwrapped.Add((copy.Account.Name, row.PartitionKey, row.RowKey, row.ETag))
                && await copy.Account.Vault.UnwrapAsync(new WrappedKey(row.Get<string>("kek"), (byte[])wrapped), cancellationToken) is { } key)
            {
                AddKey($"key {row.RowKey} of {copy.Account.Name}", key.Reveal());
                key.Dispose();
            }
        }
    }

    public IEnumerable<string> FindIn(Sighting sighting) => _scan.Search(sighting.Bytes).Select(name => $"{name} in {sighting.Where}");

    /// <exception cref="DemoException">The search would not find something.</exception>
    public void ProveTheSearch() => _scan.ProveItself();
}
