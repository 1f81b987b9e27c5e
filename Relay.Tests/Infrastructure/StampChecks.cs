using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Relay.Functions;
using Relay.LocalHost;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Tests.Infrastructure;

/// <summary>What must hold for a stamp as the compiler foretells it. Each check says what is wrong; the planted errors prove that it would.</summary>
internal static class StampChecks
{
    private const string Storage = "Microsoft.Storage/storageAccounts";
    private const string Assignment = "Microsoft.Authorization/roleAssignments";

    private const string BodyLimit = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";

    /// <summary>100 MB of a document and the form around it, in whole MiB.</summary>
    private const int MostOfABody = 120 * 1024 * 1024;

    private const string SecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";

    private static readonly string[] AppRoles =
    [
        "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "19e7f393-937e-4f77-808e-94535e297925",
        "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a", "8a0f0c08-91a1-4084-bc3d-661d67233fed", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", SecretsUser,
        "3913510d-42f4-4e42-8a64-420c390055eb",
    ];

    private static readonly Regex Key = new("listKeys|listAccountSas|listServiceSas|AccountKey=|SharedAccessSignature|DefaultEndpointsProtocol|([?&]|u0026)sig=", RegexOptions.IgnoreCase);

    public static IReadOnlyDictionary<string, Func<JsonArray, IEnumerable<string>>> All { get; } = new Dictionary<string, Func<JsonArray, IEnumerable<string>>>
    {
        ["foreign data"] = ForeignData,
        ["broad roles"] = BroadRoles,
        ["account keys"] = all => Key.Matches(all.ToJsonString()).Select(match => match.Value),
        ["storage security"] = all => Of(all, Storage).SelectMany(account => StorageSecurity(account, IsPrivate(all))),
        ["kept data"] = KeptData,
        ["vaults"] = all => Of(all, "Microsoft.KeyVault/vaults").SelectMany(vault => Vault(vault, IsPrivate(all))),
        ["telemetry"] = Telemetry,
        ["functions"] = Functions,
        ["storage names"] = StorageNames,
        ["queue rights"] = QueueRights,
        ["apps"] = Apps,
        ["secrets"] = Secrets,
        ["manager's door"] = ManagersDoor,
        ["alerts"] = Alerts,
        ["alerts' questions"] = Questions,
    };

    public static IEnumerable<JsonNode> Of(JsonArray all, string type) => all.OfType<JsonNode>().Where(resource => Text(resource, "type") == type);

    public static JsonObject Settings(JsonArray all, string app) =>
        (Of(all, "Microsoft.Web/sites/config").Single(config => Text(config, "name").StartsWith(app + "-", StringComparison.Ordinal))["properties"] as JsonObject) ?? [];

    /// <summary>Whether it has a network of its own. What such a stamp must close, another may leave open.</summary>
    private static bool IsPrivate(JsonArray all) => Of(all, "Microsoft.Network/virtualNetworks").Any();

    /// <summary>Whose an identity is, read from the principal's expression.</summary>
    private static string Who(JsonNode assignment) =>
        Regex.Match(Text(assignment, "properties", "principalId"), @"userAssignedIdentities/(\w+)-\w+-identity'") is { Success: true } match ? match.Groups[1].Value : "somebody";

    private static string Scope(JsonNode assignment) => Text(assignment, "id").Split("/providers/" + Assignment)[0];

    private static IEnumerable<string> ForeignData(JsonArray all)
    {
        foreach (JsonNode assignment in Of(all, Assignment))
        {
            string scope = Scope(assignment).Split('/').ElementAtOrDefault(8) ?? "the resource group";
            string[] may = scope switch
            {
                _ when scope.StartsWith("relay-kv", StringComparison.Ordinal) && Text(assignment, "properties", "roleDefinitionId").EndsWith(SecretsUser, StringComparison.Ordinal) => ["relay"],
                _ when scope.StartsWith("relaydata", StringComparison.Ordinal) || scope.StartsWith("relay-kv", StringComparison.Ordinal) => ["relay", "manager"],
                _ when Regex.Match(scope, "^(transport|manager)(data|-kv)") is { Success: true } own => [own.Groups[1].Value],
                _ when Regex.Match(scope, "^(relay|transport|manager)host") is { Success: true } host => [host.Groups[1].Value],
                _ when scope.EndsWith("-insights", StringComparison.Ordinal) => StampCatalog.Apps,
                _ => [],
            };
            if (!may.Contains(Who(assignment)))
            {
                yield return $"{Who(assignment)} has a role on {scope}";
            }
        }
    }

    /// <summary>Data by the table, queue or container; no role but those meant, and no custom role that takes, keeps or brings back keys.</summary>
    private static IEnumerable<string> BroadRoles(JsonArray all)
    {
        string[] own = [.. Of(all, "Microsoft.Authorization/roleDefinitions").Select(role => Text(role, "name"))];
        foreach (JsonNode assignment in Of(all, Assignment))
        {
            string role = Text(assignment, "properties", "roleDefinitionId").Split('/')[^1];
            if (!AppRoles.Contains(role) && !own.Contains(role))
            {
                yield return $"role {role} on {Scope(assignment)}";
            }

            if (Regex.IsMatch(Scope(assignment), "storageAccounts/(relay|transport|manager)data[a-z0-9]+$"))
            {
                yield return $"{Who(assignment)} has a role on a whole account";
            }
        }

        string[] meant = ["keys/read", "keys/create/action", "keys/delete", "keys/unwrap/action", "keys/sign/action", "messages/write"];
        foreach (JsonNode role in Of(all, "Microsoft.Authorization/roleDefinitions"))
        {
            foreach (JsonNode? permission in role["properties"]?["permissions"]?.AsArray() ?? [])
            {
                foreach (string action in Strings(permission, "actions").Concat(Strings(permission, "dataActions")).Where(action => !meant.Any(end => action.EndsWith("/" + end, StringComparison.Ordinal))))
                {
                    yield return $"a custom role may {action}";
                }
            }
        }
    }

    private static IEnumerable<string> StorageSecurity(JsonNode account, bool isPrivate)
    {
        string name = Text(account, "name");
        (string Path, string Value)[] must =
        [
            ("properties.allowSharedKeyAccess", "false"), ("properties.allowBlobPublicAccess", "false"), ("properties.allowCrossTenantReplication", "false"),
            ("properties.minimumTlsVersion", "TLS1_2"), ("properties.supportsHttpsTrafficOnly", "true"), ("properties.encryption.requireInfrastructureEncryption", "true"),
            ("properties.publicNetworkAccess", isPrivate ? "Disabled" : "Enabled"), ("properties.networkAcls.defaultAction", isPrivate ? "Deny" : "Allow"), ("properties.networkAcls.bypass", "None"),
        ];
        return Wrong(account, name, must);
    }

    private static IEnumerable<string> KeptData(JsonArray all)
    {
        foreach (JsonNode account in Of(all, Storage))
        {
            JsonNode? blobs = Of(all, Storage + "/blobServices").FirstOrDefault(service => Text(service, "name") == $"{Text(account, "name")}/default");
            (string, string)[] must =
            [
                ("properties.deleteRetentionPolicy.enabled", "false"), ("properties.containerDeleteRetentionPolicy.enabled", "false"), ("properties.restorePolicy.enabled", "false"),
                ("properties.changeFeed.enabled", "false"), ("properties.isVersioningEnabled", "false"),
            ];
            foreach (string wrong in Wrong(account, Text(account, "name"), [("sku.name", "Standard_ZRS")]).Concat(Wrong(blobs, Text(account, "name"), must)))
            {
                yield return wrong;
            }
        }

        foreach (JsonNode copy in all.OfType<JsonNode>().Where(resource => Regex.IsMatch(Text(resource, "type"), "objectReplicationPolicies|immutabilityPolicies|Microsoft.RecoveryServices|Microsoft.DataProtection")))
        {
            yield return $"{Text(copy, "type")} keeps data";
        }

        foreach (JsonNode log in Of(all, "Microsoft.Insights/diagnosticSettings").Where(log => !Text(log, "id").Contains("/Microsoft.KeyVault/vaults/", StringComparison.Ordinal)))
        {
            yield return $"resource logs: {Text(log, "id")}";
        }
    }

    /// <summary>A private vault is closed, or open to single addresses for as long as secrets are put in; never to ranges.</summary>
    private static IEnumerable<string> Vault(JsonNode vault, bool isPrivate)
    {
        string[] addresses = [.. (vault["properties"]?["networkAcls"]?["ipRules"] as JsonArray ?? []).Select(rule => $"{rule?["value"]}")];
        return Wrong(vault, Text(vault, "name"),
            [
                ("properties.sku.name", "premium"), ("properties.enableRbacAuthorization", "true"), ("properties.enableSoftDelete", "true"), ("properties.softDeleteRetentionInDays", "7"),
                ("properties.enablePurgeProtection", "true"), ("properties.publicNetworkAccess", isPrivate && addresses.Length == 0 ? "Disabled" : "Enabled"),
                ("properties.networkAcls.defaultAction", isPrivate ? "Deny" : "Allow"), ("properties.networkAcls.bypass", "None"), ("properties.enabledForTemplateDeployment", "false"),
            ])
            .Concat(addresses.Where(address => !IPAddress.TryParse(address, out _)).Select(address => $"{Text(vault, "name")} is open to {address}"));
    }

    private static IEnumerable<string> Telemetry(JsonArray all) =>
        Of(all, "Microsoft.OperationalInsights/workspaces").SelectMany(workspace => Wrong(workspace, "workspace",
            [("properties.retentionInDays", "30"), ("properties.features.immediatePurgeDataOn30Days", "true"), ("properties.features.disableLocalAuth", "true")]))
        .Concat(Of(all, "Microsoft.Insights/components").SelectMany(component => Wrong(component, "component",
            [("properties.RetentionInDays", "30"), ("properties.DisableLocalAuth", "true")])));

    private static IEnumerable<string> Functions(JsonArray all) =>
        from function in StampCatalog.Functions.Functions.Select(function => function.Name)
        let apps = StampCatalog.Apps.Where(app => !Settings(all, app).ContainsKey($"AzureWebJobs.{function}.Disabled")).ToArray()
        let must = FunctionRoles.Everywhere.Contains(function) ? StampCatalog.Apps : [StampCatalog.RoleOf(function)]
        where !apps.SequenceEqual(must)
        select $"{function} runs in {string.Join(", ", apps)}";

    private static IEnumerable<string> StorageNames(JsonArray all)
    {
        (string Account, string Kind, IEnumerable<string> Names)[] must =
        [
            ("relaydata", "tableServices/tables", TableNames.OfRelay), ("relaydata", "queueServices/queues", QueueNames.OfRelay), ("relaydata", "blobServices/containers", ContainerNames.OfRelay),
            ("transportdata", "tableServices/tables", TableNames.OfTransport), ("transportdata", "queueServices/queues", QueueNames.OfTransport), ("transportdata", "blobServices/containers", ContainerNames.OfTransport),
            ("managerdata", "tableServices/tables", TableNames.OfManager), ("managerdata", "queueServices/queues", []), ("managerdata", "blobServices/containers", []),
        ];
        foreach ((string account, string kind, IEnumerable<string> names) in must)
        {
            string[] made = [.. Of(all, $"{Storage}/{kind}").Select(resource => Text(resource, "name")).Where(name => name.StartsWith(account, StringComparison.Ordinal)).Select(name => name.Split('/')[^1])];
            foreach (string name in names.Except(made).Concat(made.Except(names)))
            {
                yield return $"{account}: {kind} {name}";
            }
        }
    }

    /// <summary>Of each trigger: its connection is set for its app, and the app's identity may work on the queue.</summary>
    private static IEnumerable<string> QueueRights(JsonArray all)
    {
        string[] work = ["19e7f393-937e-4f77-808e-94535e297925", "8a0f0c08-91a1-4084-bc3d-661d67233fed", "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"];
        foreach (QueueFunction trigger in StampCatalog.Functions.Queues)
        {
            string app = StampCatalog.RoleOf(trigger.Name);
            if (!Settings(all, app).ContainsKey($"{trigger.Connection}__queueServiceUri"))
            {
                yield return $"{trigger.Name}: {trigger.Connection} is not set for {app}";
            }

            string[] has = [.. Of(all, Assignment).Where(role => Who(role) == app && Regex.IsMatch(Scope(role), $"/{app}data[a-z0-9]+/queueServices/default/queues/{trigger.Queue}$"))
                .Select(role => Text(role, "properties", "roleDefinitionId").Split('/')[^1])];
            if (work.Except(has).Any() || has.Length != work.Length + 1)
            {
                yield return $"{trigger.Name}: {app} can't work on {trigger.Queue}";
            }
        }
    }

    /// <summary>What a Flex Consumption app must and must not have.</summary>
    private static IEnumerable<string> Apps(JsonArray all)
    {
        foreach (JsonNode site in Of(all, "Microsoft.Web/sites"))
        {
            string name = Text(site, "name");
            foreach (string wrong in Wrong(site, name, [("properties.httpsOnly", "true"), ("properties.siteConfig.minTlsVersion", "1.2"), ("identity.type", "UserAssigned")]))
            {
                yield return wrong;
            }

            foreach (string other in (site["properties"]?["siteConfig"] as JsonObject ?? []).Select(member => member.Key).Except(["minTlsVersion", "ipSecurityRestrictions", "ipSecurityRestrictionsDefaultAction"]))
            {
                yield return $"{name}: siteConfig.{other}";
            }
        }

        foreach (string app in StampCatalog.Apps)
        {
            foreach (string name in Settings(all, app).Select(setting => setting.Key).Where(name => name != BodyLimit && Regex.IsMatch(name, "^(FUNCTIONS_|WEBSITE_|SCM_|ENABLE_ORYX|TZ$)|LocalKeyFile|CreateStorage|AllowLoopback|CodeDirectory")))
            {
                yield return $"{app}: {name}";
            }

            if (Text(Settings(all, app), BodyLimit) != (app == "manager" ? "" : $"{MostOfABody}"))
            {
                yield return $"{app}: {BodyLimit}";
            }

            foreach (string name in Settings(all, app).Where(setting => Regex.IsMatch(setting.Key, "(Token|Key)$") && !Regex.IsMatch($"{setting.Value}", @"^(\[format\(')?@Microsoft\.KeyVault\(SecretUri=")).Select(setting => setting.Key))
            {
                yield return $"{app}: {name} is in clear";
            }
        }
    }

    /// <summary>Of its own vault, and of those only what it needs: the relay must not be the transport's operator.</summary>
    private static IEnumerable<string> Secrets(JsonArray all)
    {
        Dictionary<string, string[]> may = new()
        {
            ["relay"] = ["registration-key"],
            ["transport"] = ["registration-key", "operator-key"],
            ["manager"] = ["registration-key", "operator-key", "admin-token", "stamp-key"],
        };
        foreach (string app in StampCatalog.Apps)
        {
            string[] given = [.. Settings(all, app).Select(setting => $"{setting.Value}").Where(value => value.Contains("@Microsoft.KeyVault(", StringComparison.Ordinal))];
            foreach (string value in given.Where(value => !may[app].Any(secret => value.Contains($"secrets/{secret})", StringComparison.Ordinal))))
            {
                yield return $"{app}: {value}";
            }

            foreach (string value in given.Where(value => !value.Contains($"'{app}-kv-", StringComparison.Ordinal)))
            {
                yield return $"{app} reads another's vault: {value}";
            }
        }
    }

    /// <summary>Nobody but the addresses that are named reaches the admin API of a private stamp; the other apps are everybody's.</summary>
    private static IEnumerable<string> ManagersDoor(JsonArray all)
    {
        foreach (JsonNode site in Of(all, "Microsoft.Web/sites"))
        {
            string name = Text(site, "name");
            bool isManager = name.StartsWith("manager-", StringComparison.Ordinal);
            bool isClosed = Text(site, "properties", "siteConfig", "ipSecurityRestrictionsDefaultAction") == "Deny";
            JsonArray rules = site["properties"]?["siteConfig"]?["ipSecurityRestrictions"] as JsonArray ?? [];
            if (!isManager && (isClosed || rules.Count > 0))
            {
                yield return $"{name} is closed";
            }

            if (isManager && IsPrivate(all) && !isClosed)
            {
                yield return $"{name} is open";
            }

            foreach (string address in rules.Select(rule => $"{rule?["ipAddress"]}").Where(address => !IPNetwork.TryParse(address, out IPNetwork network) || network.PrefixLength < 8))
            {
                yield return $"{name} is open to {address}";
            }
        }
    }

    private static IEnumerable<string> Alerts(JsonArray all)
    {
        string[] have = [.. all.OfType<JsonNode>().Where(resource => Text(resource, "type") is "Microsoft.Insights/scheduledQueryRules" or "Microsoft.Insights/metricAlerts").Select(resource => Text(resource, "name"))];
        string[] must =
        [
            "^poison-queue$", "^timer-fails$", "^timer-silent$", "^delivery-stalls$", "^message-unsent$", "^message-lost$", "^row-too-old$", "^webhooks-fail$", "^session-races$", "^server-errors$",
            "^instances-near-maximum$", "^quota-near-end$", "^key-taken$", "^relay-availability$", "^transport-availability$",
            .. StampCatalog.Apps.SelectMany(app => (string[])[$"^{app}-kv-.*-throttled$", $"^{app}-kv-.*-slow$", $"^{app}data.*-availability$", $"^{app}data.*-slow$", $"^{app}data.*-denied$"]),
        ];
        return must.Where(pattern => !have.Any(name => Regex.IsMatch(name, pattern)));
    }

    /// <summary>An alert on a metric, a tag or a function that nobody has would be silent for ever.</summary>
    private static IEnumerable<string> Questions(JsonArray all)
    {
        HashSet<string> functions = [.. StampCatalog.Functions.Functions.Select(function => function.Name)];
        foreach (JsonNode rule in Of(all, "Microsoft.Insights/scheduledQueryRules"))
        {
            string query = Text(rule, "properties", "criteria", "allOf", "0", "query");
            string[] texts = [.. Regex.Matches(query, "\"([^\"]*)\"").Select(match => match.Groups[1].Value)];
            MeteredInstrument[] asked = [.. RelayMetrics.All.Where(one => texts.Contains(one.Name))];
            foreach (string unknown in texts.Where(text => text.StartsWith("relay.", StringComparison.Ordinal)).Except(asked.Select(one => one.Name)))
            {
                yield return $"{Text(rule, "name")}: no metric {unknown}";
            }

            foreach (string unknown in texts.Where(text => Regex.IsMatch(text, "^\\w+ (Count|Failures|Successes)$")).Where(text => !functions.Contains(text.Split(' ')[0])))
            {
                yield return $"{Text(rule, "name")}: no function {unknown}";
            }

            foreach (Match tag in Regex.Matches(query, @"Properties\.(\w+)\) ?(?:==|!=|in) ?(?:\(dynamic\(\[(?<many>[^\]]*)\]|""(?<one>[^""]*)"")"))
            {
                string[] values = [.. (tag.Groups["one"].Success ? tag.Groups["one"].Value : tag.Groups["many"].Value.Replace("\"", "", StringComparison.Ordinal)).Split(',')];
                string key = tag.Groups[1].Value;
                if (asked.SelectMany(one => one.Tags).FirstOrDefault(known => known.Key == key) is not { } known || values.Except(known.Values).Any())
                {
                    yield return $"{Text(rule, "name")}: no tag {tag.Value}";
                }
            }

            if (query.Contains("Properties.", StringComparison.Ordinal) && !Regex.IsMatch(query, @"Properties\.\w+\) ?(==|!=|in) ?(\(dynamic|"")"))
            {
                yield return $"{Text(rule, "name")}: a tag that can't be checked";
            }
        }
    }

    private static IEnumerable<string> Wrong(JsonNode? resource, string name, (string Path, string Value)[] must) =>
        from rule in must
        let node = rule.Path.Split('.').Aggregate(resource, (at, member) => at?[member])
        let value = node is JsonValue text && text.TryGetValue(out string? plain) ? plain : node?.ToJsonString()
        where value != rule.Value
        select $"{name}: {rule.Path} is {value ?? "not set"}";

    private static IEnumerable<string> Strings(JsonNode? node, string member) => (node?[member] as JsonArray)?.Select(value => $"{value}") ?? [];

    private static string Text(JsonNode node, params string[] path) => $"{path.Aggregate((JsonNode?)node, (at, member) => at is JsonArray list ? list.ElementAtOrDefault(int.Parse(member, CultureInfo.InvariantCulture)) : at?[member])}";
}
