using System.Diagnostics.Metrics;
using Relay.Shared.Graph;
using Relay.Shared.Transport.Integrity.Standing;

namespace Relay.Shared.Telemetry;

/// <summary>
/// Every instrument there is, each with all the tags and values that it can have: no number, id, text, address or token, and no business, of which there is no end.
/// Nobody else makes one. Names are public for ever once they have landed.
/// </summary>
public static class RelayMetrics
{
    public const string MeterName = "Relay";

    private const string Message = "{message}";

    /// <summary>Up to the four hours of the longest delay, and beyond.</summary>
    private static readonly double[] Ages = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400];

    private static readonly Meter Source = new(MeterName);
    private static readonly List<MeteredInstrument> Made = [];
    private static readonly TagSet<GraphErrorCode> Codes = TagSet<GraphErrorCode>.Of("code", GraphErrorCode.All, code => code.ToString());
    private static readonly TagSet<MeteredQueue> Queues = Names<MeteredQueue>("queue");

    public static readonly Tally<AcceptedKind> Accepted = Count("relay.messages.accepted", Message, "Put into queue outbound: accepted.", Names<AcceptedKind>("kind"));

    public static readonly Tally<GraphErrorCode> Refused = Count("relay.requests.refused", "{request}", "Requests of the Cloud API and the admin API that were answered with an error.", Codes);

    public static readonly Tally Sent = Count("relay.messages.sent", Message, "Handed over to the transport and committed as sent.");

    public static readonly Timing Unsent = Time("relay.messages.unsent", "How long ago a committed message was accepted, each time that the transport can't be given it.");

    public static readonly Tally Delivered = Count("relay.messages.delivered", Message, "Of which a device has said that it has them.");

    public static readonly Tally<GraphErrorCode> Failed = Count("relay.messages.failed", Message, "Ended as failed, which their business is told.", Codes);

    public static readonly Tally Lost = Count("relay.messages.lost", Message, "Deleted at the end of their days although they never left and their business was told nothing: none, ever.");

    public static readonly Tally Received = Count("relay.messages.received", Message, "Messages of users, decrypted and committed.");

    public static readonly Tally<WebhookAttempt> WebhookAttempts = Count(
        "relay.webhooks.attempts", "{attempt}", "Attempts to tell a subscriber.", Names<WebhookAttempt>("outcome"));

    public static readonly Timing<MeteredQueue> QueueAge = Time(
        "relay.queue.age", "How old an item is when it is taken up: since its acceptance, a webhook's since its first attempt.", Queues);

    public static readonly Tally<MeteredQueue> Retries = Count("relay.queue.retries", "{item}", "Items that were put back because a dependency or an endpoint failed them.", Queues);

    public static readonly Tally<MeteredQueue> Poison = Count("relay.queue.poison", "{item}", "Items that failed until they went to the poison queue.", Queues);

    public static readonly Tally<ExpiredKind> Expired = Count("relay.expired.deleted", "{item}", "Deleted because their days were over.", Names<ExpiredKind>("kind"));

    public static readonly Timing OldestLeft = Time("relay.expired.oldest", "How old the oldest day is of which a run of DeleteExpired leaves rows behind; 0 when it leaves none.");

    public static readonly Tally<CommitAttempts> SessionCommits = Count(
        "relay.sessions.commits", "{commit}", "Commits of a session, by how many attempts the race with others took: few is 2 to 5, many is more.", Names<CommitAttempts>("attempts"));

    public static readonly Tally<UnwrapOutcome> KeyUnwraps = Count("relay.keys.unwraps", "{key}", "Keys that the vault was asked to unwrap.", Names<UnwrapOutcome>("outcome"));

    public static readonly Tally<string> StorageCalls = Count(
        "relay.storage.calls", "{call}", "Requests to storage accounts, retries included: what is billed.", TagSet<string>.Of("operation", StorageOperations.All, name => name));

    public static readonly Tally<LinkOutcome> LinkFetches = Count("relay.media.link_fetches", "{fetch}", "Files fetched from links of businesses.", Names<LinkOutcome>("outcome"));

    public static readonly Tally<MediaDirection> MediaBytes = Count("relay.media.bytes", "By", "Bytes of files that businesses uploaded, and began to download.", Names<MediaDirection>("direction"));

    public static readonly Tally<PushOutcome> Pushes = Count("relay.transport.pushes", "{envelope}", "Envelopes that the transport was to push to a relay.", Names<PushOutcome>("outcome"));

    public static readonly Tally<StopReason> Stopped = Count(
        "relay.transport.stopped", Message, "Messages of businesses that the transport did not take for how the business stands.", Names<StopReason>("reason"));

    public static readonly Tally<QualityRating> Rated = Count("relay.transport.rated", "{business}", "Businesses that were rated, once an hour each.", Names<QualityRating>("quality"));

    /// <summary>The catalogue, in the order of the document.</summary>
    public static IReadOnlyList<MeteredInstrument> All => Made;

    private static TagSet<T> Names<T>(string key)
        where T : struct, Enum => TagSet<T>.Of<T>(key);

    private static Tally Count(string name, string unit, string description) => Keep(new Tally(Source.CreateCounter<long>(name, unit, description)));

    private static Tally<T> Count<T>(string name, string unit, string description, TagSet<T> tag)
        where T : notnull => Keep(new Tally<T>(Source.CreateCounter<long>(name, unit, description), tag));

    private static Timing Time(string name, string description) =>
        Keep(new Timing(Source.CreateHistogram<double>(name, "s", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Ages })));

    private static Timing<T> Time<T>(string name, string description, TagSet<T> tag)
        where T : notnull =>
        Keep(new Timing<T>(Source.CreateHistogram<double>(name, "s", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Ages }), tag));

    private static T Keep<T>(T instrument)
        where T : MeteredInstrument
    {
        Made.Add(instrument);
        return instrument;
    }
}
