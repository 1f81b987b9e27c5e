using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Relay.Tests.Infrastructure;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Compliance;

/// <summary>What auditors read is what the code and the templates say, and what is named as evidence exists.</summary>
public sealed class ComplianceTests
{
    private const string Document = "docs/compliance.md";

    [Fact]
    public void The_record_of_processing_is_the_codes() => GeneratedText.Compare(Document, "record of processing", ProcessorRecord.Write());

    [Fact]
    public void The_sub_processors_are_the_templates() => GeneratedText.Compare(Document, "sub-processors", SubProcessors.Write());

    [Fact]
    public void The_regions_are_the_templates() => GeneratedText.Compare(Document, "regions", SubProcessors.WriteRegions());

    [Fact]
    public void Every_table_queue_and_container_stands_in_the_record_once()
    {
        (string, string, string)[] named = [.. ProcessorRecord.Places.Select(place => (place.Account, place.Kind, place.Name))];
        Findings.None(ProcessorRecord.Existing.Except(named).Select(place => $"{place} has no class"));
        Findings.None(named.Except(ProcessorRecord.Existing).Select(place => $"{place} does not exist"));
        Findings.None(named.GroupBy(place => place).Where(same => same.Count() > 1).Select(same => $"{same.Key} stands there more than once"));
    }

    /// <summary>What a business is told of a place (<c>GET /relay/v1/privacy</c>) and what an auditor reads agree.</summary>
    [Fact]
    public void The_record_and_the_privacy_table_agree() => Findings.None(
        from place in ProcessorRecord.Places
        where ProcessorRecord.Classes.Single(one => one.Name == place.Class).Line is not null && ProcessorRecord.FormOf(place) is null
        select $"{place.Kind} {place.Name} of {place.Account} is not in class {place.Class} of the privacy table");

    [Fact]
    public void Every_service_that_the_templates_use_is_a_named_sub_processor()
    {
        string[] used = [.. Bicep.Regions.Concat(Bicep.Variants).SelectMany(SubProcessors.Used).Distinct()];
        Findings.None(used.Except(SubProcessors.Services.Keys));
        Findings.None(SubProcessors.Services.Keys.Except(used));
    }

    /// <summary>Controls name checks of the templates and alerts by their names.</summary>
    [Fact]
    public void Checks_and_alerts_that_are_named_as_evidence_exist()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, Document));
        string[] alerts = [.. Bicep.Resources(Bicep.Regions.First()).OfType<JsonNode>().Where(resource => $"{resource["type"]}".StartsWith("Microsoft.Insights/", StringComparison.Ordinal)).Select(resource => $"{resource["name"]}")];
        string[] checks = Named(text, "check");
        string[] named = Named(text, "alert");
        Assert.True(checks.Length >= 8 && named.Length >= 8, $"{checks.Length} checks, {named.Length} alerts");
        Findings.None(checks.Except(StampChecks.All.Keys));
        Findings.None(named.Where(name => !alerts.Any(alert => alert == name || Regex.IsMatch(alert, "^[a-z]+(-kv-|data)?[a-z0-9]*-" + Regex.Escape(name) + "$"))));
    }

    private static string[] Named(string text, string kind) => [.. Regex.Matches(text, kind + " `([^`]+)`").Select(match => match.Groups[1].Value).Distinct()];
}
