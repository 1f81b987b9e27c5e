using Relay.Shared.Primitives;
using Relay.Shared.Proof;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Sealing;

namespace Relay.LocalHost.Auditing;

/// <summary>
/// Verifies a business's receipts and audit: every signature with the public key that it names, every entry against the one before, and the chain against every
/// checkpoint, every receipt and what was kept of an earlier look. It trusts nothing that Relay says of it but the keys.
/// </summary>
internal sealed class VerifyProofs(ProofClient client, TimeProvider time)
{
    /// <summary>What was verified.</summary>
    /// <exception cref="BrokenProofException">It isn't what was signed.</exception>
    internal async Task<Verified> ExecuteAsync(BusinessId business, (long Entry, string Hash)? kept, CancellationToken cancellationToken)
    {
        AuditChain chain = new(business.Value, time.GetUtcNow());
        if (kept is { } look)
        {
            chain.Expect(look.Entry, look.Hash);
        }

        int receipts = 0;
        await foreach (ReceiptsAnswer page in client.ReceiptsAsync(business, cancellationToken))
        {
            foreach (SignedReceiptAnswer signed in page.Data)
            {
                await CheckAsync(business, signed, cancellationToken);
                receipts++;
                if (signed.Receipt is { AuditEntries: { } entries, AuditHash: { } hash })
                {
                    chain.Expect(entries, hash);
                }
            }
        }

        AuditHeadAnswer? head = null;
        int checkpoints = 0;
        await foreach (AuditAnswer page in client.AuditAsync(business, cancellationToken))
        {
            foreach (SignedCheckpointAnswer signed in page.Checkpoints)
            {
                bool isGenuine = await IsGenuineAsync(signed.Checkpoint.ToStatement(), signed.Signature, cancellationToken);
                Throw(chain.Expect(signed.Checkpoint, isGenuine));
                checkpoints++;
            }

            foreach (AuditLine line in page.Data)
            {
                Throw(chain.Add(line.Row, line.Entry));
            }

            head = page.Head;
        }

        Throw(chain.End(head?.Entries ?? 0, head?.Hash));
        return new Verified(chain, checkpoints, receipts);
    }

    private async Task CheckAsync(BusinessId business, SignedReceiptAnswer signed, CancellationToken cancellationToken)
    {
        if (signed.Receipt.Business != business.Value || !await IsGenuineAsync(signed.Receipt.ToStatement(), signed.Signature, cancellationToken))
        {
            throw new BrokenProofException($"receipt {signed.Receipt.Id}: it is not signed by Relay's key for this business");
        }
    }

    private async Task<bool> IsGenuineAsync(Statement statement, SignatureAnswer signature, CancellationToken cancellationToken) =>
        signature.ToSignature() is { } given
        && await client.FindKeyAsync(given.KeyId, cancellationToken) is { } key
        && key.Verifies(statement, given);

    private static void Throw(AuditFlaw? flaw)
    {
        if (flaw is not null)
        {
            throw new BrokenProofException($"entry {flaw.Entry}: {flaw.What}");
        }
    }
}

/// <param name="Chain">The entries.</param>
/// <param name="Checkpoints">How many signed checkpoints hold.</param>
/// <param name="Receipts">How many receipts hold.</param>
internal sealed record Verified(AuditChain Chain, int Checkpoints, int Receipts);

/// <summary>Something isn't what was signed or chained; the message says what.</summary>
internal sealed class BrokenProofException(string message) : Exception(message);
