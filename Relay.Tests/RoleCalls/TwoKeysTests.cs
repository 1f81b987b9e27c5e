using Microsoft.Extensions.DependencyInjection;
using Relay.Functions;
using Relay.LocalHost.Split;
using Relay.Shared.Hosting;
using Relay.Shared.Integrity;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Storage;
using Xunit;

namespace Relay.Tests.RoleCalls;

/// <summary>One key registers business numbers, another is the operator's; the relay has the first alone, and nobody starts with one for both.</summary>
public sealed class TwoKeysTests
{
    private const string Registration = "the key that registers";
    private const string Operator = "the key of the operator";

    [Theory]
    [InlineData("a", "a")]
    [InlineData("new-a,old-a", "old-a")]
    [InlineData("a", "new-b, a")]
    [InlineData("a,b", "c,b")]
    public void One_key_for_both_stops_the_start_and_is_not_shown(string registration, string operators)
    {
        foreach (RelayRole role in new[] { RelayRole.Transport, RelayRole.Manager, RelayRole.All })
        {
            InvalidOperationException one = Assert.Throws<InvalidOperationException>(() => Compose(role, registration, operators));
            Assert.Equal($"The settings {RelaySettings.RegistrationKey} and {RelaySettings.OperatorKey} hold the same key. Choose another: the relay has the first and must not have the second.", one.Message);
        }
    }

    [Fact]
    public void Two_keys_of_which_each_is_being_changed_are_two()
    {
        Compose(RelayRole.Transport, "new-a,old-a", "new-b,old-b");
        Compose(RelayRole.Manager, "new-a,old-a", "new-b,old-b");
        Assert.False(new RoleKeys(new Secret("a,b")).Shares(new RoleKeys(new Secret("c, d"))));
    }

    [Fact]
    public void A_relay_asks_for_no_operators_key_and_composes_nothing_that_signs_with_it()
    {
        HashSet<string> asked = [];
        IServiceCollection relay = Compose(RelayRole.Relay, Registration, Operator, asked);
        Assert.DoesNotContain(RelaySettings.OperatorKey, asked);
        Assert.Contains(RelaySettings.RegistrationKey, asked);
        Assert.DoesNotContain(relay, service => service.ServiceType == typeof(TransportOperator));
        Assert.Contains(Compose(RelayRole.Manager, Registration, Operator), service => service.ServiceType == typeof(TransportOperator));
    }

    [Theory]
    [InlineData(RelayRole.Relay, null, Operator, RelaySettings.RegistrationKey)]
    [InlineData(RelayRole.Transport, null, Operator, RelaySettings.RegistrationKey)]
    [InlineData(RelayRole.Transport, Registration, null, RelaySettings.OperatorKey)]
    [InlineData(RelayRole.Manager, null, Operator, RelaySettings.RegistrationKey)]
    [InlineData(RelayRole.Manager, Registration, null, RelaySettings.OperatorKey)]
    public void A_key_that_is_missing_is_named(RelayRole role, string? registration, string? operators, string missing)
    {
        InvalidOperationException wrong = Assert.Throws<InvalidOperationException>(() => Compose(role, registration, operators));
        Assert.Equal($"The setting {missing} is missing.", wrong.Message);
    }

    /// <summary>Whatever the process that starts it has.</summary>
    [Fact]
    public void Of_three_processes_the_relays_is_not_given_the_operators_key()
    {
        SplitOptions options = new()
        {
            RelayStorage = new Secret("relay"),
            TransportStorage = new Secret("transport"),
            ManagerStorage = new Secret("manager"),
            Data = "data",
            RelayPort = 1,
            TransportPort = 2,
            ManagerPort = 3,
        };
        (string Registration, string Operator) keys = (options.RegistrationKey.Reveal(), options.OperatorKey.Reveal());
        Assert.NotEqual(keys.Registration, keys.Operator);
        foreach (RelayRole role in new[] { RelayRole.Relay, RelayRole.Transport, RelayRole.Manager })
        {
            Dictionary<string, string?> environment = new() { [RelaySettings.OperatorKey] = keys.Operator, ["PATH"] = "/bin" };
            RoleEnvironment.Apply(environment, role, options);
            Assert.Equal(keys.Registration, environment[RelaySettings.RegistrationKey]);
            Assert.Equal(role == RelayRole.Relay ? null : keys.Operator, environment.GetValueOrDefault(RelaySettings.OperatorKey));
            Assert.Equal(role == RelayRole.Relay ? 0 : 1, environment.Values.Count(value => value == keys.Operator));
        }
    }

    private static IServiceCollection Compose(RelayRole role, string? registration, string? operators, HashSet<string>? asked = null)
    {
        Dictionary<string, string?> settings = new()
        {
            [RelaySettings.Role] = role == RelayRole.All ? null : role.Name(),
            [RelaySettings.Region] = "local",
            [RelaySettings.PublicBaseUrl] = "http://127.0.0.1:1",
            [RelaySettings.TransportBaseUrl] = "http://127.0.0.1:2",
            [RelaySettings.AdminToken] = "token",
            [RelaySettings.RegistrationKey] = registration,
            [RelaySettings.OperatorKey] = operators,
            [nameof(RelayStorage)] = "UseDevelopmentStorage=true",
        };
        return new ServiceCollection().AddLogging().AddConfiguredRelay(name =>
        {
            asked?.Add(name);
            return settings.GetValueOrDefault(name);
        });
    }
}
