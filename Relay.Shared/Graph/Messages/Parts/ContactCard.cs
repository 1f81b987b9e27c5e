using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Messages;

/// <summary>Somebody's contact, as an address book has it.</summary>
public sealed record ContactCard
{
    [JsonPropertyName("name")]
    public ContactName? Name { get; init; }

    [JsonPropertyName("phones")]
    public IReadOnlyList<ContactPhone>? Phones { get; init; }

    [JsonPropertyName("emails")]
    public IReadOnlyList<ContactEmail>? Emails { get; init; }

    [JsonPropertyName("urls")]
    public IReadOnlyList<ContactUrl>? Urls { get; init; }

    [JsonPropertyName("addresses")]
    public IReadOnlyList<ContactAddress>? Addresses { get; init; }

    [JsonPropertyName("org")]
    public ContactOrganisation? Organisation { get; init; }

    /// <summary><c>YYYY-MM-DD</c>.</summary>
    [JsonPropertyName("birthday")]
    public string? Birthday { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ContactCard);
}

public sealed record ContactName
{
    [JsonPropertyName("formatted_name")]
    public string? Formatted { get; init; }

    [JsonPropertyName("first_name")]
    public string? First { get; init; }

    [JsonPropertyName("last_name")]
    public string? Last { get; init; }

    [JsonPropertyName("middle_name")]
    public string? Middle { get; init; }

    [JsonPropertyName("suffix")]
    public string? Suffix { get; init; }

    [JsonPropertyName("prefix")]
    public string? Prefix { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ContactName);
}

public sealed record ContactPhone
{
    [JsonPropertyName("phone")]
    public string? Phone { get; init; }

    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Where a device can write to it: digits only.</summary>
    [JsonPropertyName("wa_id")]
    public string? WaId { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ContactPhone);
}

public sealed record ContactEmail(
    [property: JsonPropertyName("email")] string? Email = null,
    [property: JsonPropertyName("type")] string? Type = null)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ContactEmail);
}

public sealed record ContactUrl(
    [property: JsonPropertyName("url")] string? Url = null,
    [property: JsonPropertyName("type")] string? Type = null)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ContactUrl);
}

public sealed record ContactAddress
{
    [JsonPropertyName("street")]
    public string? Street { get; init; }

    [JsonPropertyName("city")]
    public string? City { get; init; }

    [JsonPropertyName("state")]
    public string? State { get; init; }

    [JsonPropertyName("zip")]
    public string? Zip { get; init; }

    [JsonPropertyName("country")]
    public string? Country { get; init; }

    [JsonPropertyName("country_code")]
    public string? CountryCode { get; init; }

    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ContactAddress);
}

public sealed record ContactOrganisation
{
    [JsonPropertyName("company")]
    public string? Company { get; init; }

    [JsonPropertyName("department")]
    public string? Department { get; init; }

    [JsonPropertyName("title")]
    public string? Title { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ContactOrganisation);
}
