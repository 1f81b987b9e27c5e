using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost.Administration;
using Relay.LocalHost.Split;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Primitives;

namespace Relay.LocalHost.Running;

/// <summary>Everything a developer needs to talk to the demo business; the one line that <c>./relay up --json</c> prints.</summary>
internal sealed partial record DemoBusiness
{
    // A plus sign as it is, for scripts that read the line without a JSON parser.
    private static readonly DemoJson ForScripts = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Of the range that is reserved for fiction.</summary>
    public const string DefaultNumber = "+12025550143";

    [JsonPropertyName("baseUrl")]
    public required string BaseUrl { get; init; }

    [JsonPropertyName("transportUrl")]
    public required string TransportUrl { get; init; }

    [JsonPropertyName("managerUrl")]
    public required string ManagerUrl { get; init; }

    [JsonPropertyName("accessToken")]
    public required string AccessToken { get; init; }

    [JsonPropertyName("businessId")]
    public required string BusinessId { get; init; }

    [JsonPropertyName("wabaId")]
    public required string WabaId { get; init; }

    [JsonPropertyName("phoneNumberId")]
    public required string PhoneNumberId { get; init; }

    [JsonPropertyName("displayPhoneNumber")]
    public required string DisplayPhoneNumber { get; init; }

    [JsonPropertyName("appSecret")]
    public required string AppSecret { get; init; }

    [JsonPropertyName("verifyToken")]
    public required string VerifyToken { get; init; }

    [JsonPropertyName("adminToken")]
    public required string AdminToken { get; init; }

    [JsonPropertyName("codeDirectory")]
    public required string CodeDirectory { get; init; }

    /// <summary>The process id of each role, when they are three.</summary>
    [JsonPropertyName("processes")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? Processes { get; init; }

    /// <summary>In one process.</summary>
    public static Task<DemoBusiness> ProvisionAsync(LocalRelay relay, HttpClient http, DataFolder folder, string number, CancellationToken cancellationToken) =>
        ProvisionAsync(
            RoleAddresses.Of(relay.BaseAddress),
            relay.Options.AdminToken,
            id => relay.Services.GetRequiredService<AccountDirectory>().FindBusinessAsync(id, cancellationToken).AsTask(),
            http,
            folder,
            number,
            cancellationToken);

    /// <summary>
    /// Provisions through the admin API: a new business, or the one of an earlier run on the same data, whose number is registered
    /// again because this run may have another address. Each run gets an access token of its own.
    /// </summary>
    public static async Task<DemoBusiness> ProvisionAsync(
        RoleAddresses addresses, Secret adminToken, Func<BusinessId, Task<Business?>> find, HttpClient http, DataFolder folder, string number, CancellationToken cancellationToken)
    {
        AdminClient admin = new(http, addresses.Manager, adminToken);
        DemoIds ids = folder.LoadBusiness() ?? new DemoIds((await admin.CreateBusinessAsync("Demo", cancellationToken)).Id, string.Empty);
        RegisterNumberResponse phone = await admin.RegisterNumberAsync(
            ids.BusinessId, new RegisterNumberRequest(number, "Demo", ids.PhoneNumberId.Length > 0 ? ids.PhoneNumberId : null), cancellationToken);
        folder.SaveBusiness(new DemoIds(ids.BusinessId, phone.Id));
        using (ReportKeyFile reports = folder.OpenReportKey())
        {
            await admin.SetReportKeyAsync(reports.PublicKey, cancellationToken);
        }

        IssueTokenResponse token = await admin.IssueTokenAsync(ids.BusinessId, cancellationToken);

        // The app secret is shown by the API only once; on later runs whoever owns the data folder, and so the keys, reads it again.
        Business business = await find(Shared.Primitives.BusinessId.Parse(ids.BusinessId))
            ?? throw new InvalidOperationException("The demo business is gone; start with another --data folder.");
        return new DemoBusiness
        {
            BaseUrl = Text(addresses.Relay),
            TransportUrl = Text(addresses.Transport),
            ManagerUrl = Text(addresses.Manager),
            AccessToken = token.AccessToken,
            BusinessId = ids.BusinessId,
            WabaId = business.Waba.Value,
            PhoneNumberId = phone.Id,
            DisplayPhoneNumber = phone.DisplayPhoneNumber,
            AppSecret = business.AppSecret.Reveal(),
            VerifyToken = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            AdminToken = adminToken.Reveal(),
            CodeDirectory = folder.Codes,
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, ForScripts.DemoBusiness);

    public override string ToString() => nameof(DemoBusiness);

    private static string Text(Uri address) => address.AbsoluteUri.TrimEnd('/');

    [JsonSerializable(typeof(DemoBusiness))]
    internal sealed partial class DemoJson : JsonSerializerContext;
}
