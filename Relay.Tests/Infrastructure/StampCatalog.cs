using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Functions;
using Relay.LocalHost;
using Relay.Shared.Graph;
using Relay.Shared.Hosting;
using Relay.Shared.Storage;

namespace Relay.Tests.Infrastructure;

/// <summary>
/// What the code has and the templates must make, as <c>infra/catalog.json</c> holds it.
/// </summary>
internal static class StampCatalog
{
    public static readonly string[] Apps = ["relay", "transport", "manager"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    public static FunctionCatalog Functions { get; } = FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes());

    public static string RoleOf(string function) => FunctionRoles.Of(function).Name();

    public static IEnumerable<string> Of(string app) =>
        Functions.Functions.Select(function => function.Name).Where(name => FunctionRoles.Everywhere.Contains(name) || RoleOf(name) == app);

    public static string Expected() => new JsonObject
    {
        ["relay"] = Side("relay", TableNames.OfRelay, QueueNames.OfRelay, ContainerNames.OfRelay),
        ["transport"] = Side("transport", TableNames.OfTransport, QueueNames.OfTransport, ContainerNames.OfTransport),
        ["manager"] = Manager(),
        ["timers"] = Array(Functions.Timers.Select(timer => timer.Name)),
        ["hourlyTimers"] = Array(Functions.Timers.Where(timer => timer.Schedule.Split(' ')[2] == "*").Select(timer => timer.Name)),
        ["serverErrors"] = Array(GraphErrorCode.All.Where(code => code.HttpStatus >= 500).Select(code => code.ToString())),
        ["poison"] = Array(Functions.Queues.Where(queue => queue.Queue.EndsWith(QueueNames.PoisonSuffix, StringComparison.Ordinal)).Select(queue => queue.Name)),
    }.ToJsonString(Indented) + "\n";

    private static JsonObject Manager()
    {
        JsonObject manager = Side("manager", TableNames.OfManager, [], []);
        manager["relayTables"] = Array(TableNames.Managed);
        return manager;
    }

    private static JsonObject Side(string app, IEnumerable<string> tables, IEnumerable<string> queues, IEnumerable<string> containers) => new()
    {
        ["functions"] = Array(Of(app)), ["tables"] = Array(tables), ["queues"] = Array(queues), ["containers"] = Array(containers),
    };

    private static JsonArray Array(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
