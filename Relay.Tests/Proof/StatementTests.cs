using System.Text;
using System.Text.Json;
using Relay.Shared.Proof;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Proof.Receipts;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Proof;

/// <summary>What is signed has one spelling, can be made from the JSON by a rule of one line, and is never taken for anything else that is signed.</summary>
public sealed class StatementTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void A_statement_reads_what_it_wrote_and_nothing_else()
    {
        Statement statement = Statement.Of("relay/test/v1", ("b", "2"), ("a", "x=y"), ("c", null), ("A", ""));
        Assert.Equal("relay/test/v1\nA=\na=x=y\nb=2\n", statement.Text);
        Assert.True(Statement.TryParse("relay/test/v1", statement.Text, out Statement? parsed));
        Assert.Equal("x=y", parsed.Get("a"));
        Assert.Equal(2, parsed.Number("b"));
        string[] others =
        [
            "relay/test/v1\na=x=y\nA=\nb=2\n", "relay/test/v1\nA=\na=x=y\nb=2", "relay/test/v1\nA=\na=x=y\nb=2\n\n", "relay/test/v2\nA=\na=x=y\nb=2\n",
            "relay/test/v1\nA=\na=x=y\na=x=y\nb=2\n", "relay/test/v1\nA\na=x=y\nb=2\n", "", "\n",
        ];
        Assert.All(others, other => Assert.False(Statement.TryParse("relay/test/v1", other, out _), other));
        Assert.Throws<ArgumentException>(() => Statement.Of("relay/test/v1", ("a", "1\nb=2")));
    }

    [Fact]
    public void Json_and_statement_have_the_same_members()
    {
        DeletionReceipt receipt = Receipt() with { Key = "20260302", Kek = "1001-202603/v", WrappedKeyHash = "00", AuditEntries = 3, AuditHash = "11", Day = "20260302" };
        Assert.Equal(receipt.ToStatement().Text, ByTheRule("relay/deletion-receipt/v1", JsonOf(new ReceiptsAnswer(
            [SignedReceiptAnswer.Of(new SignedReceipt(receipt, new KeySignature("v", [1])))], null), "receipt")));
        Assert.Equal(Receipt().ToStatement().Text, ByTheRule("relay/deletion-receipt/v1", JsonOf(new ReceiptsAnswer(
            [SignedReceiptAnswer.Of(new SignedReceipt(Receipt(), new KeySignature("v", [1])))], null), "receipt")));
        Assert.Equal(receipt, DeletionReceipt.Parse(receipt.ToStatement().Text));
        Assert.Equal(Receipt(), DeletionReceipt.Parse(Receipt().ToStatement().Text));
    }

    [Fact]
    public async Task A_signature_of_a_day_key_is_none_of_a_receipt_and_the_other_way_round()
    {
        TestVault vault = await TestVault.CreateAsync();
        using KeyLease key = await vault.Ring.DayKeyAsync(TestVault.Tenant, vault.Today, None);
        TableRow row = (await vault.Tables.GetAsync(TableNames.Dek, TestVault.Tenant, vault.Today.Key, None))!;
        KeySignature ofKey = new(row.Get<string>("sigkey"), row.Get<byte[]>("sig"));
        Statement statement = Receipt().ToStatement();
        KeySignature ofReceipt = await vault.Ring.Signer.SignAsync(statement, None);

        Assert.False(await vault.Ring.Signer.VerifyAsync(statement, ofKey, None));
        Assert.True(await vault.Ring.Signer.VerifyAsync(statement, ofReceipt, None));
        Dictionary<string, object> forged = new(row.Columns) { ["sig"] = ofReceipt.Bytes };
        await vault.Tables.CommitAsync(TableNames.Dek, TestVault.Tenant, [TableWrite.Upsert(row.RowKey, forged)], None);
        await Assert.ThrowsAsync<SealBrokenException>(async () => await vault.Restarted().Ring.DayKeyAsync(TestVault.Tenant, vault.Today, None));

        // No length of four bytes can begin as a domain does: it would be one of 1.9 GB.
        Assert.All(
            (string[])[DeletionReceipt.Domain, AuditEntry.Domain, AuditCheckpoint.Domain],
            domain => Assert.StartsWith("relay/", domain, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_public_key_alone_verifies()
    {
        TestVault vault = await TestVault.CreateAsync();
        Statement statement = Receipt().ToStatement();
        KeySignature signature = await vault.Ring.Signer.SignAsync(statement, None);
        SigningKey key = (await vault.Ring.Signer.FindKeyAsync(signature.KeyId, None))!;
        SigningKey read = JsonSerializer.Deserialize(
            JsonSerializer.Serialize(new SigningKeysAnswer([SigningKeyAnswer.Of(key)]), ProofJson.Default.SigningKeysAnswer), ProofJson.Default.SigningKeysAnswer)!.Keys[0].ToKey()!;

        Assert.True(read.Verifies(statement, signature));
        Assert.Equal(key.Thumbprint, read.Thumbprint);
        Assert.False(read.Verifies((Receipt() with { Rows = 1 }).ToStatement(), signature));
        Assert.False(read.Verifies(statement, signature with { KeyId = "other" }));
        Assert.False((read with { X = new byte[32] }).Verifies(statement, signature));
        for (int i = 0; i < signature.Bytes.Length; i++)
        {
            byte[] bytes = [.. signature.Bytes];
            bytes[i] ^= 1;
            Assert.False(read.Verifies(statement, signature with { Bytes = bytes }));
        }

        Assert.Null(await vault.Ring.Signer.FindKeyAsync("other", None));
        Assert.Equal(signature.KeyId, (await vault.Ring.Signer.FindKeyAsync(null, None))?.KeyId);
    }

    /// <summary>As docs/audit.md says it: the domain, then every member as name=value, by name.</summary>
    internal static string ByTheRule(string domain, JsonElement members)
    {
        StringBuilder text = new(domain + "\n");
        foreach (JsonProperty member in members.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            text.Append(member.Name).Append('=').Append(member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : member.Value.GetRawText()).Append('\n');
        }

        return text.ToString();
    }

    private static JsonElement JsonOf(ReceiptsAnswer answer, string name) =>
        JsonSerializer.SerializeToElement(answer, ProofJson.Default.ReceiptsAnswer).GetProperty("data")[0].GetProperty(name);

    private static DeletionReceipt Receipt() => new()
    {
        Business = TestVault.Tenant, Id = "20260302-retention", Kind = ReceiptKind.Retention, BeganAt = 1, IssuedAt = 2, Conversations = 3, Rows = 4,
    };
}
