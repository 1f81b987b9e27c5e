using Relay.Shared.Primitives;

namespace Relay.Shared.Administration.People;

/// <summary>Somebody who may use the admin API, and as what.</summary>
public sealed class Person
{
    public required PersonId Id { get; init; }

    /// <summary>What people call them; empty when nobody said.</summary>
    public required Sensitive<string> Name { get; init; }

    public required IReadOnlyList<AdminRight> Rights { get; init; }

    /// <summary>Whether a program signs in for it: an app's own token is taken from nobody else.</summary>
    public bool IsApp { get; init; }

    /// <summary>SHA-256 of a key's secret; null for somebody of Entra.</summary>
    public byte[]? KeyHash { get; init; }

    public required DateTimeOffset Added { get; init; }

    /// <summary>Whether they may do everything, everywhere.</summary>
    internal bool IsAdmin => Rights.Any(right => right is { Role: AdminRoles.Admin, Business: null });

    internal AdminCaller ToCaller() => new(Id.IsKey ? $"key:{Id}" : $"person:{Id.ObjectId}", Rights);

    internal Person With(IReadOnlyList<AdminRight> rights) => new() { Id = Id, Name = Name, Rights = rights, IsApp = IsApp, KeyHash = KeyHash, Added = Added };

    public override string ToString() => Id.Value;
}
