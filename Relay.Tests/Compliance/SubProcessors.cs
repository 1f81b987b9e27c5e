using System.Text;
using System.Text.Json.Nodes;
using Relay.Tests.Infrastructure;

namespace Relay.Tests.Compliance;

/// <summary>Who processes for the operator: the Azure services that the templates make something of, read from what the compiler foretells. A service that isn't named here fails a test.</summary>
internal static class SubProcessors
{
    public static IReadOnlyDictionary<string, (string Service, string Purpose, string Data)> Services { get; } = new Dictionary<string, (string, string, string)>
    {
        ["Microsoft.Web"] = ("Azure Functions (Flex Consumption)", "runs the three apps", "all classes, in memory, while a request or an item is worked on"),
        ["Microsoft.Storage"] = ("Azure Storage (zone-redundant, in the region)", "tables, queues and files of the three roles, and each app's package", "all classes, in the forms of the record above"),
        ["Microsoft.KeyVault"] = ("Azure Key Vault (premium, hardware keys)", "wraps, unwraps, signs; holds the secrets of the settings", "keys and secrets; no data of users or businesses. Key names hold a business's id"),
        ["Microsoft.OperationalInsights"] = ("Azure Monitor, Log Analytics", "keeps logs and metrics for 30 days", "closed log events, metrics and spans; the vaults' audit"),
        ["Microsoft.Insights"] = ("Azure Monitor, Application Insights and alerts", "takes telemetry, watches, wakes somebody", "the same; no content, no number, no address of a request"),
        ["Microsoft.Network"] = ("Azure Virtual Network, Private Link, NAT", "keeps accounts and vaults off the internet; one outgoing address", "all classes pass, encrypted (TLS)"),
        ["Microsoft.ManagedIdentity"] = ("Microsoft Entra ID, managed identities", "each app's identity", "none of users; ids of the apps"),
        ["Microsoft.Authorization"] = ("Azure role-based access control", "says what each identity may do", "none"),
    };

    public static IEnumerable<string> Used(string region) => Bicep.Resources(region).OfType<JsonNode>().Select(resource => $"{resource["type"]}".Split('/')[0]).Distinct();

    public static string Write()
    {
        StringBuilder text = new("| Service (Microsoft) | What for | Which data |\n|---|---|---|\n");
        foreach ((string _, (string service, string purpose, string data)) in Services)
        {
            text.Append("| ").Append(service).Append(" | ").Append(purpose).Append(" | ").Append(data).Append(" |\n");
        }

        return text.ToString();
    }

    public static string WriteRegions() => string.Concat(Bicep.Regions.Select(region => $"- `{region}`\n"));
}
