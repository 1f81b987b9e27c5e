namespace Relay.Phone.Commands;

/// <summary>The command line isn't one: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
