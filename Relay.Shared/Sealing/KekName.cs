using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>A key-encryption key: a tenant's of one month. A version of a key can't be deleted in Key Vault, a key can: hence one a month.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Month">yyyyMM.</param>
public sealed record KekName(string Tenant, string Month)
{
    /// <summary>The first day after it.</summary>
    public UtcDay End => new(DateOnly.ParseExact(Month, "yyyyMM", CultureInfo.InvariantCulture).AddMonths(1));

    public static KekName Of(string tenant, UtcDay day) => new(tenant, day.MonthKey);

    /// <summary>Reads <c>{tenant}-{yyyyMM}</c>, with <c>/{version}</c> behind it or not. It becomes part of an address: a tenant is letters and digits.</summary>
    public static bool TryParse(string kekId, [NotNullWhen(true)] out KekName? name)
    {
        string text = kekId.Split('/')[0];
        int dash = text.LastIndexOf('-');
        name = dash > 0 && text[..dash].All(char.IsAsciiLetterOrDigit) && DateOnly.TryParseExact(text[(dash + 1)..], "yyyyMM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? new KekName(text[..dash], text[(dash + 1)..])
            : null;
        return name is not null;
    }

    public override string ToString() => $"{Tenant}-{Month}";
}
