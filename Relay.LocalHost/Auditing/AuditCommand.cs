using System.Text.Json;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.LocalHost.Auditing;

/// <summary><c>./relay audit verify</c>: verifies what a running Relay shows of its audits and receipts, says what it verified and, if something is broken, where.</summary>
internal static class AuditCommand
{
    public static async Task<int> RunAsync(
        string[] arguments, Func<string, string?> environment, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (AuditOptions.Parse(arguments, environment, errors) is not { } options)
        {
            return 2;
        }

        using HttpClient http = new();
        ProofClient client = new(http, options);
        VerifyProofs verify = new(client, time);
        bool isSound = true;
        try
        {
            foreach (BusinessId business in await client.ListBusinessesAsync(cancellationToken))
            {
                isSound &= await VerifyAsync(verify, business, options.Kept, output, cancellationToken);
            }
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            await errors.WriteLineAsync($"relay: {options.Url} can't be read: {e.Message}");
            return 1;
        }

        foreach (SigningKey key in client.Keys)
        {
            await output.WriteLineAsync($"signing key {key.KeyId}: thumbprint {key.Thumbprint} (compare it with the vault's)");
        }

        await output.WriteLineAsync(isSound ? "Verified." : "BROKEN.");
        return isSound ? 0 : 1;
    }

    private static async Task<bool> VerifyAsync(
        VerifyProofs verify, BusinessId business, (long Entry, string Hash)? kept, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            Verified verified = await verify.ExecuteAsync(business, kept, cancellationToken);
            string entries = verified.Chain.First == 0
                ? "no entries"
                : $"entries {verified.Chain.First} to {verified.Chain.Last}, covered by signatures up to {verified.Chain.Signed}";
            await output.WriteLineAsync($"business {business}: {entries}; {verified.Checkpoints} checkpoints, {verified.Receipts} receipts");
            if (verified.Chain.Last > 0)
            {
                await output.WriteLineAsync($"  keep for the next time: --expect {verified.Chain.Last}:{verified.Chain.LastHash}");
            }

            return true;
        }
        catch (BrokenProofException broken)
        {
            await output.WriteLineAsync($"business {business}: BROKEN at {broken.Message}");
            return false;
        }
    }

    private static bool IsUnreadable(Exception e) =>
        e is HttpRequestException or JsonException or InvalidDataException or FormatException or ArgumentException or OperationCanceledException;
}
