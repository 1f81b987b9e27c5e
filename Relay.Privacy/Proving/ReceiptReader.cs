using System.Text.Json;
using Relay.Privacy.Reporting;
using Relay.Privacy.Story;
using Relay.Shared.Primitives;
using Relay.Shared.Proof;
using Relay.Shared.Proof.Receipts;
using Relay.Shared.Sealing;

namespace Relay.Privacy.Proving;

/// <summary>Reads a business's deletion receipts over HTTP and verifies each with the public key that Relay publishes, as an auditor would.</summary>
internal sealed class ReceiptReader(Promise promise)
{
    private int _verified;

    public async Task JudgeAsync(HistoryBusiness business, UtcDay first, bool hasErasure, CancellationToken cancellationToken)
    {
        List<SignedReceiptAnswer> receipts = await ReadAsync(business, cancellationToken);
        foreach (SignedReceiptAnswer signed in receipts)
        {
            SigningKey? key = await KeyAsync(business, signed.Signature.KeyId, cancellationToken);
            KeySignature? signature = signed.Signature.ToSignature();
            bool verifies = key is not null && signature is not null && key.Verifies(signed.Receipt.ToStatement(), signature);
            promise.Judge(verifies, $"receipt {signed.Receipt.Id} of {business} does not verify");
            promise.Judge(
                !verifies || !key!.Verifies((signed.Receipt with { IssuedAt = signed.Receipt.IssuedAt - 1 }).ToStatement(), signature!),
                $"receipt {signed.Receipt.Id} of {business} verifies with another time too");
            _verified += verifies ? 1 : 0;
        }

        long deadline = new DateTimeOffset(first.AddDays(30).Date, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds();
        DeletionReceipt? ofFirstDay = receipts.Select(signed => signed.Receipt).FirstOrDefault(receipt => receipt.Kind == ReceiptKind.Retention && receipt.Day == first.Key);
        promise.Judge(ofFirstDay is { WrappedKeyHash: not null } && ofFirstDay.IssuedAt < deadline, $"{business} has no receipt in time for the first day");
        promise.Judge(!hasErasure || receipts.Any(signed => signed.Receipt.Kind == ReceiptKind.Erasure), $"{business} has no receipt for the erasure");
        promise.Seen = $"{_verified} receipts verified";
    }

    private static async Task<List<SignedReceiptAnswer>> ReadAsync(HistoryBusiness business, CancellationToken cancellationToken)
    {
        List<SignedReceiptAnswer> all = [];
        for (string? after = string.Empty; after is not null;)
        {
            string page = await business.GetAsync("relay/v1/deletion_receipts" + (after.Length > 0 ? $"?after={after}" : string.Empty), cancellationToken);
            ReceiptsAnswer answer = JsonSerializer.Deserialize(page, ProofJson.Default.ReceiptsAnswer) ?? throw new StoryException("there is no list of receipts");
            all.AddRange(answer.Data);
            after = answer.Next;
        }

        return all;
    }

    private static async Task<SigningKey?> KeyAsync(HistoryBusiness business, string id, CancellationToken cancellationToken)
    {
        string answer = await business.GetAsync($"relay/v1/keys/signing/{id}", cancellationToken);
        return JsonSerializer.Deserialize(answer, ProofJson.Default.SigningKeysAnswer)?.Keys.FirstOrDefault(key => key.KeyId == id)?.ToKey();
    }
}
