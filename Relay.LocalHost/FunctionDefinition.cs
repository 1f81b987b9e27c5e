using System.Reflection;

namespace Relay.LocalHost;

/// <summary>A method that a host may call: its unique name and where it is. What calls it is in the derived records.</summary>
public abstract record FunctionDefinition(string Name, MethodInfo Method);

/// <summary>The route is the template without the host's prefix; verbs are upper case, and none means any.</summary>
public sealed record HttpFunction(string Name, MethodInfo Method, string Route, IReadOnlyList<string> Verbs)
    : FunctionDefinition(Name, Method);

/// <summary>The connection is the setting that names the storage account, as in the trigger attribute.</summary>
public sealed record QueueFunction(string Name, MethodInfo Method, string Queue, string Connection)
    : FunctionDefinition(Name, Method);

/// <summary>The schedule has six NCRONTAB fields, in UTC.</summary>
public sealed record TimerFunction(string Name, MethodInfo Method, string Schedule, bool RunOnStartup)
    : FunctionDefinition(Name, Method);
