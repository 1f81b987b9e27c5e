using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Signal;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;

namespace Relay.Shared.Accounts;

/// <summary>
/// Table <c>numbers</c>: PartitionKey the business, RowKey the phone number id; all that is worth knowing is sealed under the
/// business's long-lived key. A number without a credential is one whose registration with the transport was cut short.
/// </summary>
public sealed partial class NumberStore(ITableStore tables, Sealer sealer)
{
    private const string SealedColumn = "sealed";
    private const string ChecksIdentityColumn = "checksIdentity";
    private const string ThroughputColumn = "throughput";
    private const string RaisedColumn = "raised";
    private const string RetentionColumn = "retention";
    private const string RegionColumn = "region";
    private const string DeregisteredColumn = "deregistered";
    private const string BlocksColumn = "blocks";

    /// <summary>More than any business has.</summary>
    private const int MaxNumbers = 10_000;

    /// <summary>Inserts a number that is about to be registered.</summary>
    public async Task AddAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = new() { [SealedColumn] = await SealAsync(number, cancellationToken), [ChecksIdentityColumn] = number.ChecksIdentity };
        await tables.CommitAsync(TableNames.Numbers, number.Business.Value, [TableWrite.Insert(number.Id.Value, columns)], cancellationToken);
    }

    /// <summary>Stores what a registration gave a number and keeps its settings; false when there is no such number any more.</summary>
    public async Task<bool> SetCredentialAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        TableWrite write = TableWrite.Merge(
            number.Id.Value, null, new Dictionary<string, object> { [SealedColumn] = await SealAsync(number, cancellationToken), [DeregisteredColumn] = false });
        return (await tables.CommitAsync(TableNames.Numbers, number.Business.Value, [write], cancellationToken)).IsSaved;
    }

    public async Task<BusinessNumber?> FindAsync(BusinessId business, PhoneNumberId id, CancellationToken cancellationToken)
    {
        return await tables.GetAsync(TableNames.Numbers, business.Value, id.Value, cancellationToken) is { } row
            ? await ReadAsync(business, id, row, cancellationToken)
            : null;
    }

    /// <summary>All numbers of a business, registered or not.</summary>
    public async IAsyncEnumerable<BusinessNumber> ListAsync(BusinessId business, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableRow row in tables.QueryAsync(TableNames.Numbers, TableRange.Partition(business.Value, MaxNumbers), cancellationToken))
        {
            yield return await ReadAsync(business, PhoneNumberId.Parse(row.RowKey), row, cancellationToken);
        }
    }

    /// <summary>Sets whether webhooks tell the hash of users' identity keys; false when there is no such number.</summary>
    public Task<bool> SetChecksIdentityAsync(BusinessId business, PhoneNumberId id, bool checks, CancellationToken cancellationToken) =>
        MergeAsync(business, id, ChecksIdentityColumn, checks, cancellationToken);

    /// <summary>
    /// Sets how long messages are kept, in minutes (0 for as long as all else), and keeps the region that the business named. False when there is no such number.
    /// </summary>
    internal async Task<bool> SetStorageAsync(BusinessId business, PhoneNumberId id, int minutes, string? region, CancellationToken cancellationToken)
    {
        TableWrite write = TableWrite.Merge(id.Value, null, new Dictionary<string, object> { [RetentionColumn] = minutes, [RegionColumn] = region ?? string.Empty });
        return (await tables.CommitAsync(TableNames.Numbers, business.Value, [write], cancellationToken)).IsSaved;
    }

    /// <summary>Notes that the number blocks users, or did; false when there is no such number.</summary>
    internal Task<bool> SetHasBlocksAsync(BusinessId business, PhoneNumberId id, CancellationToken cancellationToken) =>
        MergeAsync(business, id, BlocksColumn, true, cancellationToken);

    /// <summary>Takes a number out of use until it is registered again; false when there is no such number.</summary>
    internal Task<bool> DeregisterAsync(BusinessId business, PhoneNumberId id, CancellationToken cancellationToken) =>
        MergeAsync(business, id, DeregisteredColumn, true, cancellationToken);

    /// <summary>A page of a business's numbers, by id.</summary>
    internal async Task<(IReadOnlyList<BusinessNumber> Numbers, bool HasPrevious, bool HasNext)> ListAsync(
        BusinessId business, ListPosition position, CancellationToken cancellationToken)
    {
        TablePage page = await tables.ReadAsync(TableNames.Numbers, business.Value, string.Empty, position, cancellationToken);
        List<BusinessNumber> numbers = [];
        foreach (TableRow row in page.Rows)
        {
            numbers.Add(await ReadAsync(business, PhoneNumberId.Parse(row.RowKey), row, cancellationToken));
        }

        return (numbers, page.HasPrevious, page.HasNext);
    }

    /// <summary>How many numbers a business has; opens none.</summary>
    internal async Task<int> CountAsync(BusinessId business, CancellationToken cancellationToken) =>
        await tables.QueryAsync(TableNames.Numbers, TableRange.Partition(business.Value, MaxNumbers), cancellationToken).CountAsync(cancellationToken);

    /// <summary>Sets how much the number may send and receive; false when there is no such number.</summary>
    public async Task<bool> SetThroughputAsync(BusinessId business, PhoneNumberId id, ThroughputLevel level, CancellationToken cancellationToken)
    {
        TableWrite write = TableWrite.Merge(id.Value, null, new Dictionary<string, object> { [ThroughputColumn] = level.Name(), [RaisedColumn] = false });
        return (await tables.CommitAsync(TableNames.Numbers, business.Value, [write], cancellationToken)).IsSaved;
    }

    /// <summary>Sets it to <see cref="ThroughputLevel.High"/>, which is then to be told, unless anybody has ever set it; false when it was, or changed in this moment.</summary>
    internal async Task<bool> RaiseThroughputAsync(BusinessId business, PhoneNumberId id, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Numbers, business.Value, id.Value, cancellationToken) is not { } row || row.Columns.ContainsKey(ThroughputColumn))
        {
            return false;
        }

        TableWrite write = TableWrite.Merge(id.Value, row.ETag, new Dictionary<string, object> { [ThroughputColumn] = ThroughputLevel.High.Name(), [RaisedColumn] = true });
        return (await tables.CommitAsync(TableNames.Numbers, business.Value, [write], cancellationToken)).IsSaved;
    }

    /// <summary>Notes that a raise was told.</summary>
    internal Task NoteRaiseToldAsync(BusinessId business, PhoneNumberId id, CancellationToken cancellationToken) =>
        MergeAsync(business, id, RaisedColumn, false, cancellationToken);

    public Task RemoveAsync(BusinessId business, PhoneNumberId id, CancellationToken cancellationToken) =>
        tables.CommitAsync(TableNames.Numbers, business.Value, [TableWrite.Delete(id.Value, null)], cancellationToken);

    private async Task<bool> MergeAsync(BusinessId business, PhoneNumberId id, string column, object value, CancellationToken cancellationToken)
    {
        TableWrite write = TableWrite.Merge(id.Value, null, new Dictionary<string, object> { [column] = value });
        return (await tables.CommitAsync(TableNames.Numbers, business.Value, [write], cancellationToken)).IsSaved;
    }

    private async Task<BusinessNumber> ReadAsync(BusinessId business, PhoneNumberId id, TableRow row, CancellationToken cancellationToken)
    {
        byte[] plain = await sealer.OpenAsync(business.Value, Place(business, id), row.Get<byte[]>(SealedColumn), cancellationToken) ?? throw new SealBrokenException();
        SealedNumber part = JsonSerializer.Deserialize(plain, NumberStoreJson.Default.SealedNumber) ?? throw new SealBrokenException();
        if (!PhoneNumber.TryParse(part.Number, out PhoneNumber? number))
        {
            throw new SealBrokenException();
        }

        return new BusinessNumber
        {
            Business = business,
            Id = id,
            Number = number,
            VerifiedName = part.VerifiedName,
            Identity = IdentityKeyPair.Import(part.Identity),
            RegistrationId = part.RegistrationId,
            PushSecret = SecretBytes.Own(part.PushSecret),
            Credential = part.Credential is null ? null : new DeviceCredential(number, new Secret(part.Credential)),
            ChecksIdentity = row.Get(ChecksIdentityColumn, false),
            RetentionPeriod = row.Get(RetentionColumn, 0) is > 0 and var minutes ? TimeSpan.FromMinutes(minutes) : null,
            Throughput = ThroughputLevels.TryParse(row.Get(ThroughputColumn, string.Empty), out ThroughputLevel level) ? level : ThroughputLevel.Standard,
            IsThroughputSet = row.Columns.ContainsKey(ThroughputColumn),
            IsRaiseUntold = row.Get(RaisedColumn, false),
            Region = row.Get(RegionColumn, string.Empty) is { Length: > 0 } region ? region : null,
            IsDeregistered = row.Get(DeregisteredColumn, false),
            HasBlocks = row.Get(BlocksColumn, false),
        };
    }

    private async Task<byte[]> SealAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        byte[] identity = new byte[32];
        number.Identity.ExportPrivate(identity);
        SealedNumber part = new(
            number.Number.Digits,
            number.VerifiedName,
            identity,
            number.RegistrationId,
            number.PushSecret.Reveal().ToArray(),
            number.Credential?.Secret.Reveal());
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(part, NumberStoreJson.Default.SealedNumber);
        byte[] blob = await sealer.SealLongLivedAsync(number.Business.Value, Place(number.Business, number.Id), plain, cancellationToken);
        CryptographicOperations.ZeroMemory(plain);
        CryptographicOperations.ZeroMemory(identity);
        return blob;
    }

    private static SealedPlace Place(BusinessId business, PhoneNumberId id) => new(TableNames.Numbers, business.Value, id.Value, SealedColumn);

    private sealed record SealedNumber(string Number, string VerifiedName, byte[] Identity, uint RegistrationId, byte[] PushSecret, string? Credential)
    {
        public override string ToString() => "[redacted]";
    }

    [JsonSerializable(typeof(SealedNumber))]
    private sealed partial class NumberStoreJson : JsonSerializerContext;
}

/// <summary>A business's phone number with the keys that the relay holds for it. Shared between callers, so never disposed.</summary>
public sealed class BusinessNumber
{
    public required BusinessId Business { get; init; }

    public required PhoneNumberId Id { get; init; }

    public required PhoneNumber Number { get; init; }

    public required string VerifiedName { get; init; }

    public required IdentityKeyPair Identity { get; init; }

    /// <summary>Signal's registration id, 1 to 16380.</summary>
    public required uint RegistrationId { get; init; }

    /// <summary>Signs the transport's pushes; 32 bytes.</summary>
    public required SecretBytes PushSecret { get; init; }

    /// <summary>Null until the transport has registered the number.</summary>
    public required DeviceCredential? Credential { get; init; }

    /// <summary>Whether webhooks tell the hash of users' identity keys (<c>user_identity_change.enable_identity_key_check</c>).</summary>
    public bool ChecksIdentity { get; init; }

    /// <summary>How long its messages are kept (<c>storage_configuration.retention_minutes</c>); null for as long as all else.</summary>
    public TimeSpan? RetentionPeriod { get; init; }

    /// <summary>How much it may send and receive.</summary>
    public ThroughputLevel Throughput { get; init; }

    /// <summary>Whether an operator or a rule has set that; a rule changes nothing that was set.</summary>
    public bool IsThroughputSet { get; init; }

    /// <summary>Whether a rule raised it and its business is still to be told.</summary>
    public bool IsRaiseUntold { get; init; }

    /// <summary>The region that the business named for its data, two letters; null when it named none.</summary>
    public string? Region { get; init; }

    /// <summary>Whether the business took it out of use.</summary>
    public bool IsDeregistered { get; init; }

    /// <summary>Whether it blocks users, or ever did.</summary>
    public bool HasBlocks { get; init; }

    /// <summary>Whether it may send and receive.</summary>
    public bool IsRegistered => Credential is not null && !IsDeregistered;

    internal BusinessNumber With(DeviceCredential credential) => new()
    {
        Business = Business,
        Id = Id,
        Number = Number,
        VerifiedName = VerifiedName,
        Identity = Identity,
        RegistrationId = RegistrationId,
        PushSecret = PushSecret,
        Credential = credential,
        ChecksIdentity = ChecksIdentity,
        RetentionPeriod = RetentionPeriod,
        Throughput = Throughput,
        IsThroughputSet = IsThroughputSet,
        IsRaiseUntold = IsRaiseUntold,
        Region = Region,
        HasBlocks = HasBlocks,
    };

    public override string ToString() => $"business number {Id}";
}
