// {domain} LF, then for each member, in the ordinal order of the names: {name} = {value} LF. ASCII names, values without line feeds.
// A domain starts with "relay/". What is signed in table dek starts with a length of four bytes, so none of the two is ever taken for the other.
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Shared.Sealing;

/// <summary>Facts in the one form in which they are signed or chained, plain enough to be made by hand from their JSON.</summary>
public sealed class Statement
{
    private readonly SortedDictionary<string, string> _members = new(StringComparer.Ordinal);

    private Statement(string domain) => Domain = domain;

    /// <summary>What it is, and in which version: <c>relay/…/v1</c>.</summary>
    public string Domain { get; }

    public string Text => string.Concat([Domain, "\n", .. _members.Select(one => $"{one.Key}={one.Value}\n")]);

    public byte[] Bytes => Encoding.UTF8.GetBytes(Text);

    /// <summary>SHA-256, 64 hex digits.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <param name="domain">What it is.</param>
    /// <param name="members">Those without a value are left out.</param>
    /// <exception cref="ArgumentException">A value has a line feed, or a name is there twice.</exception>
    public static Statement Of(string domain, params ReadOnlySpan<(string Name, string? Value)> members)
    {
        Statement statement = new(domain);
        foreach ((string name, string? value) in members)
        {
            if (value is null)
            {
                continue;
            }

            if (value.Contains('\n', StringComparison.Ordinal))
            {
                throw new ArgumentException("A value of a statement has a line feed.", nameof(members));
            }

            statement._members.Add(name, value);
        }

        return statement;
    }

    /// <summary>Reads what <see cref="Text"/> wrote, and nothing else: there is one spelling.</summary>
    public static bool TryParse(string domain, string text, [NotNullWhen(true)] out Statement? statement)
    {
        string[] lines = text.Split('\n');
        Statement parsed = new(domain);
        foreach (string line in lines.Skip(1).Where(line => line.Length > 0))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                parsed._members[line[..equals]] = line[(equals + 1)..];
            }
        }

        statement = parsed.Text == text ? parsed : null;
        return statement is not null;
    }

    /// <summary>A member's value, or null.</summary>
    public string? Find(string name) => _members.GetValueOrDefault(name);

    /// <exception cref="InvalidDataException">There is no such member.</exception>
    public string Get(string name) => Find(name) ?? throw new InvalidDataException("A statement lacks a member.");

    /// <exception cref="InvalidDataException">There is no such member, or it isn't a whole number.</exception>
    public long Number(string name) => FindNumber(name) ?? throw new InvalidDataException("A statement lacks a number.");

    public long? FindNumber(string name) =>
        long.TryParse(Find(name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    public override string ToString() => Domain;
}
