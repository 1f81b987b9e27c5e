using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>Which key of the ring: a day's, a long-lived one by name, or one derived from that for a purpose.</summary>
internal readonly record struct KeyPlace
{
    private KeyPlace(string tenant, UtcDay day, string name, string purpose) => (Tenant, Day, Name, Purpose) = (tenant, day, name, purpose);

    public string Tenant { get; }

    /// <summary>The first of all days where it is no day's key.</summary>
    public UtcDay Day { get; }

    /// <summary>Empty for a day's key.</summary>
    public string Name { get; }

    /// <summary>Empty for a key that isn't derived.</summary>
    public string Purpose { get; }

    public bool IsDay => Name.Length == 0;

    /// <summary>Its row in table <c>dek</c>, or that of the key it is derived from.</summary>
    public string Row => IsDay ? Day.Key : Name;

    public static KeyPlace Of(string tenant, UtcDay day) => new(tenant, day, "", "");

    public static KeyPlace Of(string tenant, string name, string purpose = "") => new(tenant, default, name, purpose);
}
