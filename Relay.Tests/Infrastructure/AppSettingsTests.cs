using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Relay.Functions;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Infrastructure;

/// <summary>Each app starts with exactly the settings that its template gives it: what it reads is set, what is set is read.</summary>
public sealed class AppSettingsTests
{
    private static readonly string[] OnlyLocal =
    [
        RelaySettings.CreateStorage, RelaySettings.AllowLoopbackWebhooks, RelaySettings.LocalKeyFile, RelaySettings.TransportLocalKeyFile, RelaySettings.CodeDirectory,
        nameof(RelayStorage), nameof(TransportStorage), nameof(ManagerStorage),
    ];

    [Theory]
    [InlineData("relay")]
    [InlineData("transport")]
    [InlineData("manager")]
    public void Every_setting_that_is_read_is_set_and_every_one_set_is_read(string app) => Findings.None(Wrong(app, Settings(app)));

    [Fact]
    public void A_missing_setting_and_one_that_nobody_reads_are_found()
    {
        Dictionary<string, string> settings = Settings("relay");
        settings.Remove(RelaySettings.Era);
        settings["Relay__Colour"] = "green";
        Assert.Equal(["Relay__Colour is set and not read", "Relay__Era is read and not set"], Wrong("relay", settings).Order());

        settings.Remove(RelaySettings.AdminToken);
        Assert.Throws<InvalidOperationException>(() => Wrong("relay", settings).ToArray());
    }

    [Fact]
    public void The_limits_are_the_codes_own()
    {
        Dictionary<string, string> settings = Settings("relay");
        RelayLimits set = RelaySettings.ReadLimits(settings.GetValueOrDefault, new RelayLimits { PairBurst = 1 });
        RelayLimits own = new();
        Assert.Equal(
            (own.MessagesPerSecond, own.MessagesPerSecondHigh, own.PairSeconds, own.PairBurst, own.BacklogSoft, own.BacklogHard),
            (set.MessagesPerSecond, set.MessagesPerSecondHigh, set.PairSeconds, set.PairBurst, set.BacklogSoft, set.BacklogHard));
    }

    /// <summary>A reference that the platform can't follow reaches the app as it is, and everybody knows it: it must never be taken for the token.</summary>
    [Fact]
    public void A_reference_that_was_not_followed_is_no_secret()
    {
        InvalidOperationException wrong = Assert.Throws<InvalidOperationException>(
            () => RelaySettings.Required(_ => "@Microsoft.KeyVault(SecretUri=https://a.example/secrets/admin-token)", RelaySettings.AdminToken));
        Assert.Contains(RelaySettings.AdminToken, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_role_that_is_none_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddConfiguredRelay(name => name == RelaySettings.Role ? "Relay" : null));

    private static string[] Wrong(string app, Dictionary<string, string> settings)
    {
        HashSet<string> read = [];
        ServiceCollection services = new();
        services.AddLogging().AddConfiguredRelay(name =>
        {
            read.Add(name);
            return settings.GetValueOrDefault(name);
        });
        using ServiceProvider provider = services.BuildServiceProvider();
        Type[] own = app == "transport" ? [typeof(TransportStorage), typeof(TransportKeys)] : [typeof(RelayStorage), typeof(RelayKeys)];
        Type[] foreign = app == "transport" ? [typeof(RelayStorage), typeof(RelayKeys)] : [typeof(TransportStorage), typeof(TransportKeys)];
        foreach (Type type in own)
        {
            provider.GetRequiredService(type);
        }

        return settings.Keys.Where(name => !read.Contains(name)).Select(name => $"{name} is set and not read")
            .Concat(read.Where(name => !name.Contains(':', StringComparison.Ordinal) && !settings.ContainsKey(name) && !OnlyLocal.Contains(name)).Select(name => $"{name} is read and not set"))
            .Concat(foreign.Where(type => services.Any(service => service.ServiceType == type)).Select(type => $"{app} composes {type.Name}"))
            .ToArray();
    }

    /// <summary>As the platform gives them: references followed, and a value in place of what only a deployment knows. What the Functions host reads is left out.</summary>
    private static Dictionary<string, string> Settings(string app) => StampChecks.Settings(Bicep.Resources(Bicep.Regions.First()), app)
        .Where(setting => !setting.Key.StartsWith("AzureWebJobs", StringComparison.Ordinal) && !setting.Key.StartsWith("APPLICATIONINSIGHTS_", StringComparison.Ordinal))
        .ToDictionary(setting => setting.Key, setting => Value(setting.Key, setting.Value));

    private static string Value(string name, JsonNode? value) => $"{value}" switch
    {
        { } text when text.StartsWith('[') || text.Contains("@Microsoft.KeyVault(", StringComparison.Ordinal) =>
            name.EndsWith("Uri", StringComparison.Ordinal) || name.EndsWith("Url", StringComparison.Ordinal) ? "https://a.example/" : "value",
        { } text => text,
    };
}
