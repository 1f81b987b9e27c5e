namespace Relay.Shared.Graph.Messages;

/// <summary>The rules of <c>contacts</c>.</summary>
internal static class ContactRules
{
    private const string Contacts = MessageType.Contacts;

    internal static GraphError? Check(IReadOnlyList<ContactCard>? cards) =>
        Rule.Count(cards, Contacts, MessageLimits.Contacts) ?? Rule.Each(cards, Contacts, CheckCard);

    private static GraphError? CheckCard(ContactCard card, string member) =>
        (card.Name is null ? Rule.Missing($"{member}.name") : CheckName(card.Name, $"{member}.name"))
        ?? CheckEntries(card.Phones, $"{member}.phones", (entry, place) => Texts(place, entry.Phone, entry.Type, entry.WaId))
        ?? CheckEntries(card.Emails, $"{member}.emails", (entry, place) => Texts(place, entry.Email, entry.Type))
        ?? CheckEntries(card.Urls, $"{member}.urls", (entry, place) => Texts(place, entry.Url, entry.Type))
        ?? CheckEntries(card.Addresses, $"{member}.addresses", (entry, place) =>
            Texts(place, entry.Street, entry.City, entry.State, entry.Zip, entry.Country, entry.CountryCode, entry.Type))
        ?? Texts($"{member}.org", card.Organisation?.Company, card.Organisation?.Department, card.Organisation?.Title)
        ?? (string.IsNullOrEmpty(card.Birthday) || DateOnly.TryParseExact(card.Birthday, "yyyy-MM-dd", out _)
            ? null
            : Rule.Invalid($"{member}.birthday must be a date as YYYY-MM-DD."));

    private static GraphError? CheckName(ContactName name, string member) =>
        Rule.Text(name.Formatted, $"{member}.formatted_name", MessageLimits.ContactText)
        ?? Texts(member, name.First, name.Last, name.Middle, name.Suffix, name.Prefix);

    private static GraphError? CheckEntries<T>(IReadOnlyList<T>? entries, string member, Func<T, string, GraphError?> rule) =>
        entries is { Count: > MessageLimits.ContactEntries }
            ? Rule.Invalid($"{member} has {entries.Count} entries; at most {MessageLimits.ContactEntries} are allowed.")
            : Rule.Each(entries, member, rule);

    private static GraphError? Texts(string member, params ReadOnlySpan<string?> texts)
    {
        foreach (string? text in texts)
        {
            if (Rule.Optional(text, $"A text of {member}", MessageLimits.ContactText) is { } error)
            {
                return error;
            }
        }

        return null;
    }
}
