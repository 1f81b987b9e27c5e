using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.LocalHost.Administration;
using Relay.LocalHost.Split;
using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;

namespace Relay.LocalHost.Running;

/// <summary>What a local Relay keeps on disk beside the emulator's files: key files (mode 0600), verification codes, the demo business's ids.</summary>
internal sealed partial class DataFolder
{
    private readonly string _path;

    public DataFolder(string path)
    {
        _path = path;
        if (!Directory.Exists(Codes))
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Codes);
            }
            else
            {
                Directory.CreateDirectory(Codes, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    public string Path => _path;

    /// <summary>Where verification codes are left for <c>./relay phone --code-dir</c>.</summary>
    public string Codes => System.IO.Path.Combine(_path, DataNames.Codes);

    public AzureStorageConnection RelayAccount { get; } = RelayAccounts.Connect(nameof(RelayStorage), Environment.GetEnvironmentVariable, null);

    public AzureStorageConnection TransportAccount { get; } = RelayAccounts.Connect(nameof(TransportStorage), Environment.GetEnvironmentVariable, null);

    public AzureStorageConnection ManagerAccount { get; } = RelayAccounts.Connect(nameof(ManagerStorage), Environment.GetEnvironmentVariable, null);

    /// <summary>The emulator's queues slow down as they grow: ten times slower at 10,000 messages than at 1,000.</summary>
    internal static readonly RelayLimits EmulatorLimits = new() { BacklogSoft = 1_000, BacklogHard = 5_000 };

    private string BusinessFile => System.IO.Path.Combine(_path, "demo-business.json");

    public LocalKeyFile OpenRelayKeys() => LocalKeyFile.Open(System.IO.Path.Combine(_path, DataNames.RelayKeys));

    /// <summary>What opens users' attachments to reports: for <c>./relay admin reports list --key</c>. The running Relay is given its public key alone.</summary>
    public ReportKeyFile OpenReportKey() => ReportKeyFile.ReadOrCreate(System.IO.Path.Combine(_path, "report.key"))
        ?? throw new InvalidOperationException("report.key in the --data folder is no key for reports, or can't be made.");

    /// <summary>A local Relay on the accounts in the environment (<c>RelayStorage</c>, <c>TransportStorage</c>, <c>ManagerStorage</c>) and this folder's keys.</summary>
    public LocalRelayOptions ToOptions()
    {
        return new LocalRelayOptions
        {
            RelayStorage = new RelayStorage(RelayAccount.Tables, RelayAccount.Queues, RelayAccount.Blobs),
            TransportStorage = new TransportStorage(TransportAccount.Tables, TransportAccount.Queues, TransportAccount.Blobs),
            ManagerStorage = new ManagerStorage(ManagerAccount.Tables),
            RelayKeys = OpenRelayKeys(),
            TransportKeys = LocalKeyFile.Open(System.IO.Path.Combine(_path, DataNames.TransportKeys)),
            CodeDirectory = Codes,
            EnforcesServiceWindow = RelaySettings.ReadServiceWindow(Environment.GetEnvironmentVariable, otherwise: false),
            FirstTier = RelaySettings.ReadFirstTier(Environment.GetEnvironmentVariable, MessagingTier.Tier250),
            DeviceLimits = RelaySettings.ReadDeviceLimits(Environment.GetEnvironmentVariable, new DeviceLimits()),
            Limits = RelaySettings.ReadLimits(Environment.GetEnvironmentVariable, EmulatorLimits),
        };
    }

    /// <summary>The ids of the demo business of an earlier run; no secret and no number among them.</summary>
    public DemoIds? LoadBusiness()
    {
        try
        {
            return File.Exists(BusinessFile) ? JsonSerializer.Deserialize(File.ReadAllBytes(BusinessFile), FolderJson.Default.DemoIds) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void SaveBusiness(DemoIds ids) => File.WriteAllBytes(BusinessFile, JsonSerializer.SerializeToUtf8Bytes(ids, FolderJson.Default.DemoIds));

    [JsonSerializable(typeof(DemoIds))]
    private sealed partial class FolderJson : JsonSerializerContext;
}

internal sealed record DemoIds(string BusinessId, string PhoneNumberId);
