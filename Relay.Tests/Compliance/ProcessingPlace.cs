namespace Relay.Tests.Compliance;

/// <summary>A table, a queue or a container of one role's account, and the one class of data that it is there for.</summary>
/// <param name="Account"><c>relay</c>, <c>transport</c> or <c>manager</c>.</param>
/// <param name="Kind"><c>table</c>, <c>queue</c> or <c>container</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Class">A class of <see cref="ProcessingClass"/>.</param>
/// <param name="Key">What protects it, and by whom that can be undone.</param>
/// <param name="Life">Where it lives otherwise than its class; null is the class's life, which the code has.</param>
internal sealed record ProcessingPlace(string Account, string Kind, string Name, string Class, string Key, string? Life = null);
