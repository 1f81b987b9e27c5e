using Relay.LocalHost.Administration;
using Relay.LocalHost.Auditing;
using Relay.LocalHost.Demonstration;
using Relay.LocalHost.Running;

return args switch
{
    ["up", .. string[] rest] => await UpCommand.RunAsync(rest, CancellationToken.None),
    ["serve", .. string[] rest] => await ServeCommand.RunAsync(rest, CancellationToken.None),
    ["demo", .. string[] rest] => await DemoCommand.RunAsync(rest, CancellationToken.None),
    ["admin", .. string[] rest] => await AdminCommand.RunAsync(rest, Environment.GetEnvironmentVariable, Console.Out, Console.Error, CancellationToken.None),
    ["audit", .. string[] rest] => await AuditCommand.RunAsync(
        rest, Environment.GetEnvironmentVariable, TimeProvider.System, Console.Out, Console.Error, CancellationToken.None),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Relay.LocalHost up|serve|demo --data DIR …, admin …, audit verify …: started by ./relay, which brings the storage accounts along.");
    return 2;
}
