using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Relay.Functions;
using Relay.LocalHost;
using Relay.Shared.Hosting;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>
/// No code of messages, sessions, content or the relay's keys can run in a transport (spec/reliability.md R11): composed as in Azure, all that its
/// functions and services can come to call is followed through the compiled code.
/// </summary>
public sealed partial class TransportReachTests
{
    [Fact]
    public void A_transport_is_composed_from_its_own_settings_and_of_nothing_of_the_relays()
    {
        IServiceCollection services = Compose(RelayRole.Transport, Transports());
        Findings.None(services.Select(service => service.ServiceType).Where(type => type == typeof(RelayStorage) || type == typeof(RelayKeys) || type == typeof(ManagerStorage)).Select(type => type.Name));
        Assert.Contains(services, service => service.ServiceType == typeof(TransportKeys));
    }

    [Fact]
    public void Nothing_that_a_transport_can_come_to_run_knows_messages_sessions_content_or_the_relays_keys()
    {
        IReadOnlyDictionary<Type, string> reached = Reached(RelayRole.Transport, Transports());
        Assert.InRange(reached.Count, 150, 1_500);
        Findings.None(reached.Where(type => IsForbidden(type.Key)).Select(type => $"{type.Key.FullName} by {type.Value}"));
    }

    /// <summary>The same look at a relay finds all of it: it is the look that is tested here.</summary>
    [Fact]
    public void The_same_look_at_a_relay_finds_them_all()
    {
        string[] forbidden = [.. Reached(RelayRole.Relay, Relays()).Keys.Where(IsForbidden).Select(type => type.FullName!)];
        string[] expected =
        [
            "Relay.Shared.Messaging.AcceptMessage", "Relay.Shared.Messaging.OutboundCipher", "Relay.Shared.Conversations.ConversationStore", "Relay.Shared.Content.DeviceContent",
            "Relay.Shared.Signal.SessionRecord", "Relay.Shared.Signal.KeyPair", "Relay.Shared.Graph.Messages.SendMessageRequest", typeof(RelayKeys).FullName!, typeof(RelayStorage).FullName!,
        ];
        Findings.None(expected.Except(forbidden));
    }

    private static bool IsForbidden(Type type) =>
        type == typeof(RelayStorage) || type == typeof(RelayKeys) || type == typeof(ManagerStorage) || type == typeof(ReportBox)
        || OfTheRelay().IsMatch($"{type.Namespace}.")
        || (type.Namespace?.StartsWith("Relay.Shared.Signal", StringComparison.Ordinal) == true && PrivateSignal().IsMatch(type.Name));

    private static IReadOnlyDictionary<Type, string> Reached(RelayRole role, Dictionary<string, string> settings) =>
        ReachableCode.Of(
            Compose(role, settings),
            FunctionCatalog.Scan(typeof(FunctionRoles).Assembly.GetTypes()).Functions
                .Where(function => role.Has(function.Name))
                .Select(function => function.Method.DeclaringType!)
                .Distinct()).Types;

    private static IServiceCollection Compose(RelayRole role, Dictionary<string, string> settings)
    {
        ServiceCollection services = new();
        services.AddLogging();
        settings[RelaySettings.Role] = role.Name();
        return services.AddConfiguredRelay(settings.GetValueOrDefault);
    }

    private static Dictionary<string, string> Transports() => new()
    {
        [RelaySettings.Region] = "local",
        [RelaySettings.RegistrationKey] = "registration",
        [RelaySettings.OperatorKey] = "operator",
        [nameof(TransportStorage)] = "UseDevelopmentStorage=true",
        [RelaySettings.TransportLocalKeyFile] = "transport.keys.json",
    };

    private static Dictionary<string, string> Relays() => new()
    {
        [RelaySettings.Region] = "local",
        [RelaySettings.RegistrationKey] = "registration",
        [RelaySettings.PublicBaseUrl] = "http://127.0.0.1:1",
        [RelaySettings.TransportBaseUrl] = "http://127.0.0.1:2",
        [nameof(RelayStorage)] = "UseDevelopmentStorage=true",
        [RelaySettings.LocalKeyFile] = "relay.keys.json",
    };

    [GeneratedRegex(@"^Relay\.Shared\.(Messaging|Accounts|Conversations|Webhooks|PreKeys|Maintenance|Content|Devices|Media|Templates|History|Erasure|Replay|Proof|Idempotency|Limits|Details|Analytics|PhoneNumbers|Graph\.Messages|Graph\.Webhooks)\.")]
    private static partial Regex OfTheRelay();

    [GeneratedRegex("(Session|Ratchet|Chain|KeyPair|PrivateKey|Pair$|Decaps|Encrypt|Decrypt|SenderKey|SignalMessage)")]
    private static partial Regex PrivateSignal();
}
