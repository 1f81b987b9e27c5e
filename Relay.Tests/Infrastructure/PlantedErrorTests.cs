using System.Text.Json.Nodes;
using Xunit;

namespace Relay.Tests.Infrastructure;

/// <summary>Every check finds the error it is there for: each is planted in a stamp that is right, or in a copy of the files.</summary>
public sealed class PlantedErrorTests
{
    private const string Role = "Microsoft.Authorization/roleAssignments";
    private const string Account = "Microsoft.Storage/storageAccounts";

    private static readonly Dictionary<string, (string Check, Action<JsonArray> Plant)> Plants = new()
    {
        ["the transport may read a table of the relay"] = ("foreign data", all => Rename(First(all, Role, "relaydata", "tables/conversations"), "relay", "transport")),
        ["the transport may use the relay's vault"] = ("foreign data", all => Rename(First(all, Role, "vaults/relay-kv"), "relay", "transport")),
        ["the relay may read the mailbox"] = ("foreign data", all => Rename(First(all, Role, "transportdata", "tables/mailbox"), "transport", "relay")),
        ["the manager may replace the relay's code"] = ("foreign data", all => Rename(First(all, Role, "/relayhost"), "relay", "manager")),
        ["the relay may read the admin token"] = ("foreign data", all => Rename(First(all, Role, "vaults/manager-kv"), "manager", "relay")),
        ["the manager may read the relay's secrets"] = ("foreign data", all => Rename(StampChecks.Of(all, Role).First(one => $"{one["id"]}".Contains("vaults/relay-kv", StringComparison.Ordinal) && $"{one["properties"]!["roleDefinitionId"]}".EndsWith("4633458b-17de-408a-b874-0445c86b69e6", StringComparison.Ordinal)), "relay", "manager")),
        ["the relay may read who administers it"] = ("foreign data", all => Rename(First(all, Role, "managerdata", "tables/people"), "manager", "relay")),
        ["a role on the resource group"] = ("foreign data", all => First(all, Role, "relaydata")["id"] = "/subscriptions/0/resourceGroups/relay/providers/" + Role + "/0"),
        ["a role on the whole account"] = ("broad roles", all => Widen(First(all, Role, "relaydata", "tables/"))),
        ["Owner"] = ("broad roles", all => Set(First(all, Role, "relaydata"), "properties.roleDefinitionId", "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635")),
        ["a custom role may back up keys"] = ("broad roles", all => First(all, "Microsoft.Authorization/roleDefinitions")["properties"]!["permissions"]![0]!["dataActions"]!.AsArray().Add("Microsoft.KeyVault/vaults/keys/backup/action")),
        ["a setting with an account key"] = ("account keys", all => StampChecks.Settings(all, "relay")["RelayStorage"] = "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b"),
        ["a setting with a signature"] = ("account keys", all => StampChecks.Settings(all, "relay")["RelayStorage__tableServiceUri"] = "https://a.example/?sv=1&sig=b"),
        ["a setting that asks for keys"] = ("account keys", all => StampChecks.Settings(all, "relay")["AzureWebJobsStorage"] = "[listKeys('a', '2025-06-01').keys[0].value]"),
        ["shared keys"] = ("storage security", all => Set(First(all, Account), "properties.allowSharedKeyAccess", true)),
        ["an open account"] = ("storage security", all => Set(First(all, Account), "properties.publicNetworkAccess", "Enabled")),
        ["old TLS"] = ("storage security", all => Set(First(all, Account), "properties.minimumTlsVersion", "TLS1_0")),
        ["geo-redundancy"] = ("kept data", all => Set(First(all, Account), "sku.name", "Standard_GRS")),
        ["soft delete of blobs"] = ("kept data", all => Set(First(all, Account + "/blobServices"), "properties.deleteRetentionPolicy.enabled", true)),
        ["soft delete of containers left to its default"] = ("kept data", all => First(all, Account + "/blobServices")["properties"]!.AsObject().Remove("containerDeleteRetentionPolicy")),
        ["versions of blobs"] = ("kept data", all => Set(First(all, Account + "/blobServices"), "properties.isVersioningEnabled", true)),
        ["a change feed"] = ("kept data", all => Set(First(all, Account + "/blobServices"), "properties.changeFeed.enabled", true)),
        ["point-in-time restore"] = ("kept data", all => Set(First(all, Account + "/blobServices"), "properties.restorePolicy.enabled", true)),
        ["replication of objects"] = ("kept data", all => First(all, Account + "/blobServices")["type"] = Account + "/objectReplicationPolicies"),
        ["logs of storage"] = ("kept data", all => First(all, "Microsoft.Insights/diagnosticSettings")["id"] = "/providers/" + Account + "/relaydata/providers/Microsoft.Insights/diagnosticSettings/a"),
        ["90 days of deleted keys"] = ("vaults", all => Set(First(all, "Microsoft.KeyVault/vaults"), "properties.softDeleteRetentionInDays", 90)),
        ["access policies"] = ("vaults", all => Set(First(all, "Microsoft.KeyVault/vaults"), "properties.enableRbacAuthorization", false)),
        ["telemetry for 90 days"] = ("telemetry", all => Set(First(all, "Microsoft.OperationalInsights/workspaces"), "properties.retentionInDays", 90)),
        ["telemetry that is not purged"] = ("telemetry", all => Set(First(all, "Microsoft.OperationalInsights/workspaces"), "properties.features.immediatePurgeDataOn30Days", false)),
        ["telemetry from anybody"] = ("telemetry", all => Set(First(all, "Microsoft.Insights/components"), "properties.DisableLocalAuth", false)),
        ["a function in two apps"] = ("functions", all => StampChecks.Settings(all, "transport").Remove("AzureWebJobs.SendMessage.Disabled")),
        ["a function in no app"] = ("functions", all => StampChecks.Settings(all, "relay")["AzureWebJobs.SendMessage.Disabled"] = "true"),
        ["a table that is missing"] = ("storage names", all => all.Remove(First(all, Account + "/tableServices/tables", "relaydata", "/lookup"))),
        ["a queue that is misspelt"] = ("storage names", all => { JsonNode queue = First(all, Account + "/queueServices/queues", "/outbound-poison"); queue["name"] = $"{queue["name"]}s"; }),
        ["a queue that its app may not work on"] = ("queue rights", all => all.Remove(First(all, Role, "queues/inbound/"))),
        ["a connection that is not set"] = ("queue rights", all => StampChecks.Settings(all, "relay").Remove("RelayStorage__queueServiceUri")),
        ["a setting that Flex refuses"] = ("apps", all => Set(First(all, "Microsoft.Web/sites"), "properties.siteConfig.ftpsState", "Disabled")),
        ["a setting of the platform's"] = ("apps", all => StampChecks.Settings(all, "relay")["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated"),
        ["a token in clear"] = ("apps", all => StampChecks.Settings(all, "manager")["Relay__AdminToken"] = "secret"),
        ["the operator's key in the relay's app"] = ("secrets", all => StampChecks.Settings(all, "relay")["Transport__OperatorKey"] = $"{StampChecks.Settings(all, "relay")["Transport__RegistrationKey"]}".Replace("registration-key", "operator-key", StringComparison.Ordinal)),
        ["a secret of another's vault"] = ("secrets", all => StampChecks.Settings(all, "relay")["Transport__RegistrationKey"] = $"{StampChecks.Settings(all, "transport")["Transport__RegistrationKey"]}"),
        ["a body limit that the host has by itself"] = ("apps", all => StampChecks.Settings(all, "relay").Remove("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT")),
        ["a body limit that is less than a document"] = ("apps", all => StampChecks.Settings(all, "transport")["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] = "104857600"),
        ["a manager that everybody may call"] = ("manager's door", all => Site(all, "manager")["properties"]!["siteConfig"]!.AsObject().Remove("ipSecurityRestrictionsDefaultAction")),
        ["a relay that nobody may call"] = ("manager's door", all => Site(all, "relay")["properties"]!["siteConfig"]!["ipSecurityRestrictionsDefaultAction"] = "Deny"),
        ["a manager that half the internet may call"] = ("manager's door", all => Site(all, "manager")["properties"]!["siteConfig"]!["ipSecurityRestrictions"] = new JsonArray(new JsonObject { ["ipAddress"] = "0.0.0.0/1" })),
        ["a vault that a range may call"] = ("vaults", all =>
        {
            JsonNode vault = First(all, "Microsoft.KeyVault/vaults");
            Set(vault, "properties.networkAcls.ipRules", new JsonArray(new JsonObject { ["value"] = "203.0.113.0/24" }));
            Set(vault, "properties.publicNetworkAccess", "Enabled");
        }),
        ["a private vault that everybody may call"] = ("vaults", all => Set(First(all, "Microsoft.KeyVault/vaults"), "properties.networkAcls.defaultAction", "Allow")),
        ["an alert on a metric that is none"] = ("alerts' questions", all => Question(all, "message-lost", "relay.messages.lost", "relay.messages.missed")),
        ["an alert on a tag's value that is none"] = ("alerts' questions", all => Question(all, "webhooks-fail", "delivered", "succeeded")),
        ["an alert on a tag that is none"] = ("alerts' questions", all => Question(all, "session-races", "Properties.attempts", "Properties.races")),
        ["an alert on an error code that is none"] = ("alerts' questions", all => Question(all, "server-errors", "131000", "131999")),
        ["an alert on a function that is none"] = ("alerts' questions", all => Question(all, "delivery-stalls", "AcceptEnvelope Successes", "TakeEnvelope Successes")),
        ["an alert that is missing"] = ("alerts", all => all.Remove(First(all, "Microsoft.Insights/scheduledQueryRules", "poison-queue"))),
    };

    public static TheoryData<string> Kinds => [.. Plants.Keys];

    public static TheoryData<string, string, string> Misspellings => new()
    {
        { "modules/storage.bicep", "allowSharedKeyAccess:", "allowSharedKeysAccess:" },
        { "modules/keyVault.bicep", "enablePurgeProtection:", "enablePurgeProtecton:" },
        { "modules/monitoring.bicep", "Microsoft.Insights/components@", "Microsoft.Insights/componentz@" },
        { "modules/roles.bicep", "principalType:", "principleType:" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_planted_error_is_found(string kind)
    {
        (string check, Action<JsonArray> plant) = Plants[kind];
        JsonArray all = Bicep.Resources(Bicep.Regions.First());
        Assert.Empty(StampChecks.All[check](all));

        plant(all);

        Assert.NotEmpty(StampChecks.All[check](all));
    }

    [Fact]
    public void Every_check_has_an_error_to_find() => Assert.Equal(StampChecks.All.Keys.Order(), Plants.Values.Select(plant => plant.Check).Distinct().Order());

    [Theory]
    [MemberData(nameof(Misspellings))]
    public void A_misspelling_is_a_complaint(string file, string right, string wrong)
    {
        string copy = Bicep.Copy();
        try
        {
            string path = Path.Combine(copy, file);
            string text = File.ReadAllText(path);
            Assert.Contains(right, text, StringComparison.Ordinal);
            File.WriteAllText(path, text.Replace(right, wrong, StringComparison.Ordinal));
            Assert.NotEmpty(Bicep.Complaints(copy, "build", "main.bicep", "--outfile", Path.Combine(copy, "main.json")));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static JsonNode First(JsonArray all, string type, params string[] parts) =>
        StampChecks.Of(all, type).First(resource => parts.All(part => $"{resource["id"]}".Contains(part, StringComparison.Ordinal)));

    private static JsonNode Site(JsonArray all, string app) => StampChecks.Of(all, "Microsoft.Web/sites").Single(site => $"{site["name"]}".StartsWith(app + "-", StringComparison.Ordinal));

    private static void Question(JsonArray all, string rule, string right, string wrong)
    {
        JsonNode criterion = First(all, "Microsoft.Insights/scheduledQueryRules", "/" + rule)["properties"]!["criteria"]!["allOf"]![0]!;
        string query = $"{criterion["query"]}";
        Assert.Contains(right, query, StringComparison.Ordinal);
        criterion["query"] = query.Replace(right, wrong, StringComparison.Ordinal);
    }

    private static void Rename(JsonNode assignment, string from, string to) =>
        assignment["properties"]!["principalId"] = $"{assignment["properties"]!["principalId"]}".Replace($"/{from}-", $"/{to}-", StringComparison.Ordinal);

    private static void Widen(JsonNode assignment)
    {
        string id = $"{assignment["id"]}";
        int tables = id.IndexOf("/tableServices/", StringComparison.Ordinal);
        assignment["id"] = id[..tables] + id[id.IndexOf("/providers/" + Role, StringComparison.Ordinal)..];
    }

    private static void Set(JsonNode resource, string path, JsonNode value)
    {
        string[] members = path.Split('.');
        members[..^1].Aggregate((JsonNode?)resource, (at, member) => at?[member])![members[^1]] = value;
    }
}
