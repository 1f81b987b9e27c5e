using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Relay.Functions;
using Relay.Shared.Azure;
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

    /// <summary>What the Functions host reads, and no code of ours.</summary>
    private static readonly string[] OfTheHost = ["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"];

    /// <summary>Has a good default: an operator may set it.</summary>
    private static readonly string[] MayBeUnset = ["OTEL_EXPORTER_OTLP_PROTOCOL"];

    public static TheoryData<string, string> AppsOfStamps
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string stamp in Bicep.Variants.Append(Bicep.Regions.First()))
            {
                foreach (string app in StampCatalog.Apps)
                {
                    data.Add(stamp, app);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AppsOfStamps))]
    public void Every_setting_that_is_read_is_set_and_every_one_set_is_read(string stamp, string app) => Findings.None(Wrong(app, Settings(app, stamp)));

    [Fact]
    public void A_missing_setting_and_one_that_nobody_reads_are_found()
    {
        Dictionary<string, string> settings = Settings("relay");
        settings.Remove(RelaySettings.Era);
        settings["Relay__Colour"] = "green";
        Assert.Equal(["Relay__Colour is set and not read", "Relay__Era is read and not set"], Wrong("relay", settings).Order());

        Dictionary<string, string> manager = Settings("manager");
        manager.Remove(RelaySettings.AdminToken);
        Assert.Throws<InvalidOperationException>(() => Wrong("manager", manager).ToArray());
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
        Type[] all = [typeof(TransportStorage), typeof(TransportKeys), typeof(RelayStorage), typeof(RelayKeys), typeof(ManagerStorage)];
        Type[] own = app switch
        {
            "transport" => all[..2],
            "relay" => all[2..4],
            _ => all[2..],
        };
        foreach (Type type in own)
        {
            provider.GetRequiredService(type);
        }

        return settings.Keys.Where(name => !read.Contains(name)).Select(name => $"{name} is set and not read")
            .Concat(read.Where(name => !name.Contains(':', StringComparison.Ordinal) && !settings.ContainsKey(name) && !OnlyLocal.Contains(name) && !MayBeUnset.Contains(name)).Select(name => $"{name} is read and not set"))
            .Concat(all.Except(own).Where(type => services.Any(service => service.ServiceType == type)).Select(type => $"{app} composes {type.Name}"))
            .ToArray();
    }

    /// <summary>As the platform gives them: references followed, and a value in place of what only a deployment knows. What the Functions host reads is left out.</summary>
    private static Dictionary<string, string> Settings(string app, string? stamp = null) => StampChecks.Settings(Bicep.Resources(stamp ?? Bicep.Regions.First()), app)
        .Where(setting => !setting.Key.StartsWith("AzureWebJobs", StringComparison.Ordinal) && !OfTheHost.Contains(setting.Key))
        .ToDictionary(setting => setting.Key, setting => Value(setting.Key, setting.Value));

    private static string Value(string name, JsonNode? value) => $"{value}" switch
    {
        { } text when name == AzureMonitorTarget.AuthenticationSetting && text.Contains("'ClientId={0};Authorization=AAD'", StringComparison.Ordinal) => "ClientId=1;Authorization=AAD",
        { } text when text.StartsWith('[') || text.Contains("@Microsoft.KeyVault(", StringComparison.Ordinal) =>
            name.EndsWith("Uri", StringComparison.Ordinal) || name.EndsWith("Url", StringComparison.Ordinal) ? "https://a.example/" : $"value of {name}",
        { } text => text,
    };
}
