using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Privacy;
using Relay.Privacy.Reporting;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Registrations;
using Xunit;
using Xunit.Abstractions;

namespace Relay.Tests.Privacy;

/// <summary><c>./relay privacy-check</c> holds for Relay as it is, and each mistake breaks the promise that it is made against, and no other.</summary>
public sealed class PrivacyCheckTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_promise_holds()
    {
        PrivacyCheck check = await RunAsync(new Interference());
        Assert.Empty(check.Promises.All.SelectMany(promise => promise.Broken));
        Assert.True(check.Promises.Hold);
    }

    [Fact]
    public Task A_vault_that_keeps_its_keys_is_found() =>
        BreaksAsync(new Interference { Vault = _ => new Vault(new QuickKeys()) { Keeps = true } }, promises => [promises.DeadWithItsMonth, promises.LookupsEnd]);

    [Fact]
    public Task Day_keys_that_stay_are_found() => BreaksAsync(
        Quick(new Interference { RelayTables = tables => new CarelessTables(tables) { Keeps = (table, row) => table == TableNames.Dek && char.IsAsciiDigit(row[0]) } }),
        promises => [promises.DeadAtThirtyDays, promises.ReceiptsVerify]);

    [Fact]
    public Task Day_keys_of_the_transport_that_stay_are_found() => BreaksAsync(
        Quick(new Interference { TransportTables = tables => new CarelessTables(tables) { Keeps = (table, row) => table == TableNames.Dek && char.IsAsciiDigit(row[0]) } }),
        promises => [promises.DeadAtThirtyDays]);

    [Fact]
    public Task Lookup_rows_that_stay_are_found() => BreaksAsync(
        Quick(new Interference { RelayTables = tables => new CarelessTables(tables) { Keeps = (table, _) => table == TableNames.Lookup } }),
        promises => [promises.LookupsEnd, promises.NothingLeft]);

    [Fact]
    public Task Lookup_keys_that_stay_are_found() => BreaksAsync(
        Quick(new Interference { RelayTables = tables => new CarelessTables(tables) { Keeps = (table, row) => table == TableNames.Dek && row.StartsWith("lookup-", StringComparison.Ordinal) } }),
        promises => [promises.LookupsEnd]);

    [Fact]
    public Task Rows_of_the_silent_that_stay_are_found() => BreaksAsync(
        Quick(new Interference { RelayTables = tables => new CarelessTables(tables) { Keeps = (table, _) => table == TableNames.Conversations } }),
        promises => [promises.NothingLeft]);

    [Fact]
    public Task A_vault_that_believes_every_signature_is_found() =>
        BreaksAsync(new Interference { Vault = _ => new Vault(new QuickKeys()) { Believes = true } }, promises => [promises.ForgeriesRefused]);

    [Fact]
    public Task Receipts_that_do_not_verify_are_found() =>
        BreaksAsync(new Interference { Vault = _ => new Vault(new QuickKeys()) { Scribbles = true } }, promises => [promises.ReceiptsVerify]);

    [Fact]
    public async Task A_store_that_shows_a_number_is_found()
    {
        // Whoever sends codes knows the numbers.
        Gossip gossip = new();
        await BreaksAsync(
            Quick(new Interference
            {
                RelayTables = tables => new CarelessTables(tables) { Adds = () => gossip.LastNumber },
                Services = gossip.Overhear,
            }),
            promises => [promises.NothingInClear]);
    }

    [Fact]
    public Task A_log_that_shows_a_number_is_found() =>
        BreaksAsync(Quick(new Interference { Services = new Gossip { Logs = true }.Overhear }), promises => [promises.NothingInClear]);

    [Fact]
    public async Task Arguments_are_refused_and_help_is_shown()
    {
        using StringWriter shown = new();
        using StringWriter error = new();
        Assert.Equal(2, await PrivacyProgram.RunAsync(["--days", "3"], shown, error));
        Assert.Equal(0, await PrivacyProgram.RunAsync(["--help"], shown, error));
        Assert.Contains("privacy-check", shown.ToString(), StringComparison.Ordinal);
    }

    private static Interference Quick(Interference interference) => interference with { Vault = _ => new QuickKeys() };

    private async Task BreaksAsync(Interference interference, Func<Promises, Promise[]> expected)
    {
        PrivacyCheck check = await RunAsync(interference);
        Assert.False(check.Promises.Hold);
        Assert.Equal(expected(check.Promises), check.Promises.All.Where(promise => !promise.Holds));
    }

    private async Task<PrivacyCheck> RunAsync(Interference interference)
    {
        using StringWriter shown = new();
        PrivacyCheck check = new(interference, shown);
        try
        {
            Assert.Equal(await check.RunAsync(CancellationToken.None), check.Promises.Hold);
        }
        finally
        {
            output.WriteLine(shown.ToString());
        }

        return check;
    }

    /// <summary>Tables that forget to delete, or write down what they shouldn't.</summary>
    private sealed class CarelessTables(ITableStore inner) : ITableStore
    {
        public Func<string, string, bool> Keeps { get; init; } = (_, _) => false;

        public Func<string?> Adds { get; init; } = () => null;

        public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
            inner.GetAsync(table, partitionKey, rowKey, cancellationToken);

        public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken) => inner.QueryAsync(table, range, cancellationToken);

        public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
        {
            TableWrite[] kept = [.. writes.Where(write => write.Kind != TableWriteKind.Delete || !Keeps(table, write.RowKey)).Select(write => Change(table, write))];
            return kept.Length == 0
                ? Task.FromResult(CommitResult.Saved([.. writes.Select(_ => (string?)null)]))
                : inner.CommitAsync(table, partitionKey, kept, cancellationToken);
        }

        public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);

        private TableWrite Change(string table, TableWrite write) => table == TableNames.Expiry && write.Kind == TableWriteKind.Upsert && Adds() is { } more
            ? TableWrite.Upsert(write.RowKey, new Dictionary<string, object>(write.Columns) { ["to"] = more })
            : write;
    }

    /// <summary>A vault that doesn't do what it says.</summary>
    private sealed class Vault(IKeyWrapper inner) : IKeyWrapper
    {
        public bool Keeps { get; init; }

        public bool Believes { get; init; }

        /// <summary>Receipts get signatures that are none.</summary>
        public bool Scribbles { get; init; }

        public Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
            inner.WrapAsync(tenant, day, key, cancellationToken);

        public Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken) => inner.UnwrapAsync(wrapped, cancellationToken);

        public async Task<KeySignature> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            KeySignature signature = await inner.SignAsync(data, cancellationToken);
            if (Scribbles && data.Span.StartsWith("relay/deletion-receipt"u8))
            {
                signature.Bytes[^1] ^= 1;
            }

            return signature;
        }

        public Task<SigningKey?> FindSigningKeyAsync(string? version, CancellationToken cancellationToken) => inner.FindSigningKeyAsync(version, cancellationToken);

        public Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, KeySignature signature, CancellationToken cancellationToken) =>
            Believes ? Task.FromResult(true) : inner.VerifyAsync(data, signature, cancellationToken);

        public Task PrepareAsync(KekName kek, CancellationToken cancellationToken) => inner.PrepareAsync(kek, cancellationToken);

        public Task DestroyAsync(KekName kek, CancellationToken cancellationToken) => Keeps ? Task.CompletedTask : inner.DestroyAsync(kek, cancellationToken);
    }

    /// <summary>Overhears the numbers that codes are sent to.</summary>
    private sealed class Gossip
    {
        public bool Logs { get; init; }

        public string? LastNumber { get; private set; }

        public void Overhear(IServiceCollection services)
        {
            IVerificationCodeSender inner = (IVerificationCodeSender)services.Last(service => service.ServiceType == typeof(IVerificationCodeSender)).ImplementationInstance!;
            services.AddSingleton<IVerificationCodeSender>(provider => new Sender(this, inner, provider.GetRequiredService<ILoggerFactory>().CreateLogger("codes")));
        }

        private sealed class Sender(Gossip gossip, IVerificationCodeSender inner, ILogger logger) : IVerificationCodeSender
        {
            public Task SendAsync(PhoneNumber number, string registrationId, Secret code, CancellationToken cancellationToken)
            {
                gossip.LastNumber = number.Digits;
                if (gossip.Logs)
                {
                    logger.Log(LogLevel.Trace, 1, number.E164, null, static (text, _) => text);
                }

                return inner.SendAsync(number, registrationId, code, cancellationToken);
            }
        }
    }
}
