using System.Globalization;
using Relay.Shared.Accounts;
using Relay.Shared.Primitives;

namespace Relay.LocalHost.Auditing;

/// <summary>The arguments of <c>./relay audit verify</c>; the token comes from the environment, where no list of processes shows it.</summary>
internal sealed record AuditOptions
{
    internal const string AdminVariable = "RELAY_ADMIN_TOKEN";
    internal const string AccessVariable = "RELAY_ACCESS_TOKEN";

    internal const string Usage = $"""
        relay audit verify [--url URL] [--business ID] [--expect ENTRY:HASH]

          --url       the Relay; http://127.0.0.1:7071 unless given
          --business  one business; all of them unless given
          --expect    an entry and its hash that an earlier run printed; with --business, or a business's own token

        {AdminVariable}, or for a business's own audit {AccessVariable}, holds the token.
        Ends 0 when all was verified, 1 when something is broken or can't be read, 2 when it was called wrongly.
        """;

    private const int HashLength = 64;

    public Uri Url { get; private init; } = new("http://127.0.0.1:7071");

    public BusinessId? Business { get; private init; }

    public (long Entry, string Hash)? Kept { get; private init; }

    /// <summary>Whether <see cref="Token"/> is the operator's.</summary>
    public bool IsAdmin { get; private init; }

    public required Secret Token { get; init; }

    /// <summary>The options, or null after saying what is wrong.</summary>
    internal static AuditOptions? Parse(string[] arguments, Func<string, string?> environment, TextWriter errors)
    {
        string? admin = environment(AdminVariable) is { Length: > 0 } token ? token : null;
        string? own = environment(AccessVariable) is { Length: > 0 } access ? access : null;
        AccessToken? parsed = null;
        if ((admin ?? own) is not { } bearer || (admin is null && !AccessToken.TryParse(own, out parsed)))
        {
            errors.WriteLine(own is null ? $"relay: neither {AdminVariable} nor {AccessVariable} is set" : $"relay: {AccessVariable} holds no access token");
            return null;
        }

        AuditOptions options = new() { Token = new Secret(bearer), IsAdmin = admin is not null, Business = parsed?.Business };
        if (arguments is not ["verify", ..] || arguments.Length % 2 == 0)
        {
            errors.WriteLine(Usage);
            return null;
        }

        for (int i = 1; i < arguments.Length; i += 2)
        {
            if (options.With(arguments[i], arguments[i + 1]) is not { } more)
            {
                errors.WriteLine($"relay: '{arguments[i]}' is not an option here, or its value is wrong");
                errors.WriteLine(Usage);
                return null;
            }

            options = more;
        }

        if (options is { Kept: not null, Business: null })
        {
            errors.WriteLine("relay: --expect needs --business");
            return null;
        }

        return options;
    }

    public override string ToString() => nameof(AuditOptions);

    private AuditOptions? With(string name, string value)
    {
        switch (name)
        {
            case "--url" when Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https":
                return this with { Url = new Uri(url.AbsoluteUri.TrimEnd('/') + "/") };
            case "--business" when BusinessId.TryParse(value, out BusinessId business) && (Business is null || Business == business):
                return this with { Business = business };
            case "--expect" when value.Split(':') is [var number, { Length: HashLength } hash]
                && hash.All(char.IsAsciiHexDigitLower) && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long entry) && entry > 0:
                return this with { Kept = (entry, hash) };
            default:
                return null;
        }
    }
}
