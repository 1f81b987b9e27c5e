using System.Globalization;
using System.Text;
using Relay.Shared.Proof.Privacy;
using Relay.Shared.Storage;

namespace Relay.Tests.Compliance;

/// <summary>
/// The record of processing in docs/compliance.md: every table, queue and container of every role stands in it once. Names, forms and lives come from the code;
/// the words are here. A place that isn't named here fails a test: say what it is for.
/// </summary>
internal static class ProcessorRecord
{
    private const string Relay = "relay";
    private const string Transport = "transport";
    private const string Manager = "manager";

    private const string DayKey = "the business's key of the day, wrapped by its key of the month in the vault";
    private const string StoreKey = "the business's long-lived key, wrapped by its key of the month in the vault";
    private const string TransportDayKey = "the transport's key of the day, wrapped in the transport's vault";
    private const string NoContent = "none: ids and times, no content and no number";
    private const string Closed = "until the business is closed";

    public static IReadOnlyList<ProcessingClass> Classes { get; } =
    [
        new("message_content", "users and businesses", "deliver messages and files, and repeat them until they have arrived", "the user's device (Signal), the business's webhook endpoints and its API calls", PrivacyTable.Content),
        new("consumer_phone_number", "users", "know whom a message is for or from, and keep blocks and limits", "the transport (to deliver), the business (its own users)", PrivacyTable.Number),
        new("conversation_activity", "users and businesses", "find what is due, be told again, be erased", "nobody", PrivacyTable.Activity),
        new("message_ciphertext", "users and businesses", "carry messages between relay and devices", "the device or relay they are for", PrivacyTable.Ciphertext),
        new("business_information", "businesses and their staff", "run numbers, templates, tokens and webhooks", "the business, by its API calls; the operator, by the admin API", PrivacyTable.Business),
        new("deletion_receipts", "businesses", "prove what was deleted and when", "the business and the operator", PrivacyTable.Receipts),
        new("access_audit", "businesses and their staff", "prove who had content opened", "the business and the operator", PrivacyTable.Audit),
        new("non_identifiable_statistics", "businesses", "count messages; over all businesses users by day, blurred", "the business; the operator", PrivacyTable.Statistics),
        new("operator_staff", "the operator's staff", "say who may use the admin API, and for which businesses", "nobody", null),
        new("integrity_signals", "users and businesses", "notice abuse", "the operator; the business, its own tier and quality", PrivacyTable.Integrity),
        new("billing", "businesses", "count what is billed", "the business and the operator", PrivacyTable.Billing),
    ];

    public static IReadOnlyList<ProcessingPlace> Places { get; } =
    [
        new(Relay, "table", TableNames.Conversations, "message_content", DayKey),
        new(Relay, "table", TableNames.Parked, "message_content", DayKey),
        new(Relay, "table", TableNames.Media, "message_content", DayKey),
        new(Relay, "container", ContainerNames.Media, "message_content", DayKey),
        .. Queues(QueueNames.Outbound, "message_content", DayKey),
        .. Queues(QueueNames.Inbound, "message_content", DayKey),
        new(Relay, "table", TableNames.Lookup, "consumer_phone_number", "keyed hash under a key of 30 days (`lookup-{epoch}`), wrapped as above"),
        new(Relay, "table", TableNames.Idempotency, "consumer_phone_number", "keyed hash under the business's key `idempotency`", "valid for 24 hours, gone after two days"),
        new(Relay, "table", TableNames.Blocks, "consumer_phone_number", "keyed hash under the business's key `blocks`; the number under the key of the day", "until unblocked or erased, or the business is closed; the number itself 30 days after the last contact"),
        new(Relay, "table", TableNames.Expiry, "conversation_activity", NoContent),
        .. Queues(QueueNames.Webhooks, "conversation_activity", NoContent),
        .. Queues(QueueNames.Replays, "conversation_activity", NoContent),
        .. Queues(QueueNames.Erasures, "conversation_activity", NoContent),
        new(Relay, "table", TableNames.Businesses, "business_information", StoreKey),
        new(Relay, "table", TableNames.Numbers, "business_information", StoreKey),
        new(Relay, "table", TableNames.Subscriptions, "business_information", StoreKey),
        new(Relay, "table", TableNames.Details, "business_information", StoreKey),
        new(Relay, "table", TableNames.Templates, "business_information", StoreKey, "until the template is deleted or the business is closed"),
        new(Relay, "table", TableNames.PreKeys, "business_information", StoreKey, "a one-time key until it is used, others 30 days after they were replaced"),
        new(Relay, "table", TableNames.Tokens, "business_information", "SHA-256 of a random token; the token is shown once"),
        new(Relay, "table", TableNames.Dek, "business_information", "each key wrapped by the key of a business and month in the vault", "day keys at most 30 days, lookup keys at most 61, the others until the business is closed"),
        new(Relay, "table", TableNames.Receipts, "deletion_receipts", "none: signed, ids and times", "three years; of a closed business until the operator deletes them"),
        new(Relay, "table", TableNames.Audit, "access_audit", "none: hash-chained and signed, ids and times", "401 days; of a closed business until the operator deletes them"),
        new(Relay, "table", TableNames.Counts, "non_identifiable_statistics", "none: numbers of messages"),
        new(Transport, "table", TableNames.Mailbox, "message_ciphertext", TransportDayKey),
        new(Transport, "table", TableNames.Pushes, "message_ciphertext", TransportDayKey),
        new(Transport, "container", ContainerNames.Attachments, "message_ciphertext", "a key of the file's own, which only the two ends have"),
        new(Transport, "table", TableNames.Expiry, "message_ciphertext", NoContent),
        new(Transport, "queue", QueueNames.Push, "message_ciphertext", NoContent),
        new(Transport, "queue", QueueNames.PushPoison, "message_ciphertext", NoContent),
        new(Transport, "table", TableNames.Dek, "message_ciphertext", "each key wrapped by a key in the transport's vault", "day keys at most 30 days, the others for as long as the transport runs"),
        new(Transport, "table", TableNames.Releases, "non_identifiable_statistics", "none: numbers with noise", "57 weeks"),
        new(Transport, "table", TableNames.Accounts, "consumer_phone_number", "keyed hash; credentials as SHA-256; the business numbers that a device blocks under the transport's long-lived key", "while the number is registered"),
        new(Transport, "table", TableNames.Registrations, "consumer_phone_number", "keyed hash; codes as a keyed hash", "10 minutes; counts until the end of the day"),
        new(Transport, "table", TableNames.DeviceKeys, "consumer_phone_number", "keyed hash; public keys", "while the device holds the number"),
        new(Transport, "table", TableNames.Attachments, "consumer_phone_number", "keyed hash", "one day"),
        new(Transport, "table", TableNames.Signals, "integrity_signals", "counts; users as keyed hashes under a key that is destroyed on the second day after its day", "sketches two days, reports eight, counts 28; tier and quality until the business is closed"),
        new(Transport, "table", TableNames.ReportInbox, "integrity_signals", "in a box for the operator's private key, which no role has, and under " + TransportDayKey),
        new(Manager, "table", TableNames.Stamps, "business_information", "none: a business's id, a region, and when the last calls of other stamps for it were signed", "for as long as the manager runs: a business never changes its region"),
        new(Manager, "table", TableNames.People, "operator_staff", "names sealed under the operator's long-lived key, keys of people as SHA-256; object ids, rights and times in clear", "until they are taken out, or the last business that they have a role for is closed"),
    ];

    public static IEnumerable<(string Account, string Kind, string Name)> Existing =>
    [
        .. Names(Relay, TableNames.OfRelay, QueueNames.OfRelay, ContainerNames.OfRelay),
        .. Names(Transport, TableNames.OfTransport, QueueNames.OfTransport, ContainerNames.OfTransport),
        .. Names(Manager, TableNames.OfManager, [], []),
    ];

    public static string Write()
    {
        StringBuilder text = new();
        Line(text, "| Class | Whose | Purpose | Held by | Others who see it | Given to | At most |");
        Line(text, "|---|---|---|---|---|---|---|");
        foreach (ProcessingClass one in Classes)
        {
            bool isKept = Places.Any(place => place.Class == one.Name);
            Line(text, $"| `{one.Name}` | {one.Subjects} | {one.Purpose} | {one.Line?.HeldBy ?? "business_manager"} | {one.Line?.SeenBy ?? "operator"} | {one.Recipient} | {(isKept ? LifeOf(one) : "nothing is kept")} |");
        }

        Line(text, "");
        Line(text, "| Account | Place | Class | Form | What protects it | Until |");
        Line(text, "|---|---|---|---|---|---|");
        foreach (ProcessingPlace place in Places)
        {
            ProcessingClass of = Classes.Single(one => one.Name == place.Class);
            Line(text, $"| {place.Account} | {place.Kind} `{place.Name}` | `{place.Class}` | {FormOf(place) ?? "clear"} | {place.Key} | {place.Life ?? LifeOf(of)} |");
        }

        return text.ToString();
    }

    /// <summary>How the code says that it lies there; null where the code's table says nothing of the place in that class.</summary>
    internal static string? FormOf(ProcessingPlace place) => Classes.Single(one => one.Name == place.Class).Line?.Stored
        .FirstOrDefault(stored => stored.Account == place.Account && place.Name == (place.Kind switch { "table" => stored.Table, "queue" => stored.Queue, _ => stored.Container }))?.Form;

    private static string LifeOf(ProcessingClass one) => one.Line?.LifeDays is { } days ? string.Create(CultureInfo.InvariantCulture, $"{days} days") : one.Line is null ? "until the operator takes them out" : Closed;

    private static IEnumerable<ProcessingPlace> Queues(string queue, string of, string key) =>
        [new(Relay, "queue", queue, of, key), new(Relay, "queue", queue + QueueNames.PoisonSuffix, of, key)];

    private static IEnumerable<(string Account, string Kind, string Name)> Names(string account, IEnumerable<string> tables, IEnumerable<string> queues, IEnumerable<string> containers) =>
        [.. tables.Select(name => (account, "table", name)), .. queues.Select(name => (account, "queue", name)), .. containers.Select(name => (account, "container", name))];

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
