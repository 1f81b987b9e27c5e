using System.Text.Json;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Accounts;

/// <summary>Changes of what is sealed of a business, guarded by its row's ETag: of two at once none is lost.</summary>
public sealed partial class BusinessStore
{
    private const int MaxRaces = 10;

    /// <summary>False when there is no such business.</summary>
    internal Task<bool> RenameAsync(BusinessId id, string name, CancellationToken cancellationToken) =>
        ChangeAsync(id, sealedPart => sealedPart with { Name = name }, cancellationToken);

    /// <summary>Puts a secret in the place of the app's; the one before goes on until then. False when there is no such business.</summary>
    internal Task<bool> RotateSecretAsync(BusinessId id, Secret next, DateTimeOffset until, CancellationToken cancellationToken) => ChangeAsync(
        id,
        // A repeat, after an answer that was lost, must not push the secret before last out of the way by itself.
        part => part.AppSecret == next.Reveal()
            ? part
            : part with { AppSecret = next.Reveal(), PreviousSecret = part.AppSecret, PreviousUntil = until.ToUnixTimeSeconds() },
        cancellationToken);

    private async Task<bool> ChangeAsync(BusinessId id, Func<SealedBusiness, SealedBusiness> change, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            if (await tables.GetAsync(TableNames.Businesses, id.Value, Row, cancellationToken) is not { } row)
            {
                return false;
            }

            byte[] plain = JsonSerializer.SerializeToUtf8Bytes(change(await OpenAsync(id, row, cancellationToken)), BusinessStoreJson.Default.SealedBusiness);
            byte[] blob = await sealer.SealLongLivedAsync(id.Value, Place(id.Value), plain, cancellationToken);
            TableWrite write = TableWrite.Merge(Row, row.ETag, new Dictionary<string, object> { [SealedColumn] = blob });
            if ((await tables.CommitAsync(TableNames.Businesses, id.Value, [write], cancellationToken)).IsSaved)
            {
                return true;
            }
        }

        throw new StorageFaultException("business change", TableNames.Businesses, 412, "Raced");
    }

    private async Task<SealedBusiness> OpenAsync(BusinessId id, TableRow row, CancellationToken cancellationToken)
    {
        byte[] plain = await sealer.OpenAsync(id.Value, Place(id.Value), row.Get<byte[]>(SealedColumn), cancellationToken) ?? throw new SealBrokenException();
        return JsonSerializer.Deserialize(plain, BusinessStoreJson.Default.SealedBusiness) ?? throw new SealBrokenException();
    }
}
