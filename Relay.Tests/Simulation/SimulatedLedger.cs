using Relay.Phone.Events;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Storage;
using Relay.Tests.Support;

namespace Relay.Tests.Simulation;

/// <summary>Watches what leaves and what is stored while a seed runs, and says at its end which promises were broken.</summary>
/// <param name="relay">The relay's account.</param>
/// <param name="transport">The transport's account.</param>
/// <param name="webhook">The business's endpoint.</param>
/// <param name="losesReceipts">Whether the relay forgets its sessions: a receipt on its way then is not sent again (docs/open-points.md).</param>
internal sealed class SimulatedLedger(MemoryAccount relay, MemoryAccount transport, WebhookStub webhook, bool losesReceipts)
{
    private readonly RatchetOracle _oracle = new(new HttpClientHandler());
    private readonly Dictionary<string, int> _states = new(StringComparer.Ordinal);
    private readonly List<Violation> _violations = [];

    /// <summary>A request has left a worker or a device.</summary>
    public void Look(SimulatedRequest request)
    {
        if (RatchetOracle.IsSend(request.Method, request.Address.AbsolutePath))
        {
            _oracle.Look(request.Body);
        }
    }

    /// <summary>Rows of a partition have been written.</summary>
    public void Committed(string table, TableRow row)
    {
        if (table != TableNames.Conversations || !row.RowKey.StartsWith("O:", StringComparison.Ordinal))
        {
            return;
        }

        int state = row.Get("state", 0);
        string key = row.PartitionKey + row.RowKey;
        if (_states.TryGetValue(key, out int before) && before > state)
        {
            Add(Promise.NeverBackwards, $"A message went from {(OutboundState)before} to {(OutboundState)state}.");
        }

        _states[key] = state;
    }

    public void Fault(string function, Exception fault)
    {
        if (!DependencyFaults.IsAway(fault))
        {
            Add(Promise.NoFaultOfOurs, $"{function} let out {fault}");
        }
    }

    /// <summary>Whether only new work could move anything.</summary>
    public bool IsAtRest => relay.Queues.Everything().Count == 0
        && transport.Queues.Everything().Count == 0
        && !relay.Rows(TableNames.Parked).Any()
        && !transport.Rows(TableNames.Mailbox).Concat(transport.Rows(TableNames.Pushes)).Any(row => row.RowKey.StartsWith("M:", StringComparison.Ordinal))
        && !relay.Rows(TableNames.Conversations).Any(row => row.Get("pending", false));

    public void Add(Promise promise, string text) => _violations.Add(new Violation(promise, text));

    /// <summary>All that is broken, once nothing moves any more.</summary>
    public IReadOnlyList<Violation> Judge(SimulatedBusiness business, IReadOnlyList<SimulatedDevice> devices, SimulationCounts counts)
    {
        foreach (string broken in _oracle.Violations)
        {
            Add(broken.StartsWith("Message", StringComparison.Ordinal) ? Promise.OneMessageOneCounter : Promise.OneCounterOnePlaintext, broken);
        }

        JudgeMessages(business, devices, counts);
        JudgeWebhooks(business, devices, counts);
        JudgeRest();
        return _violations;
    }

    /// <summary>What kept failing until its deliveries were used up may end as failed, and is told so; nothing else may.</summary>
    private bool MayHaveFailed(string? id, SimulationCounts counts) =>
        counts.Poisoned > 0 && webhook.Deliveries.Any(delivery => delivery.Accepted && delivery.Summary == $"failed:{id}");

    private void JudgeMessages(SimulatedBusiness business, IReadOnlyList<SimulatedDevice> devices, SimulationCounts counts)
    {
        foreach ((SimulatedDevice to, string text, string? id) in business.Sent)
        {
            counts.Accepted += id is null ? 0 : 1;
            int times = to.Shown.OfType<MessageReceived>().Count(message => message.Text == text);
            if (times > 1 || (id is not null && times == 0 && !MayHaveFailed(id, counts)))
            {
                Add(Promise.AcceptedComes, $"{text} came {times} times.");
            }
        }

        if (devices.Sum(device => device.Shown.OfType<MessageReceived>().Count(message => business.Sent.All(sent => sent.Text != message.Text || sent.To != device))) is > 0 and int strange)
        {
            Add(Promise.AcceptedComes, $"{strange} messages came that nobody sent there.");
        }
    }

    private void JudgeWebhooks(SimulatedBusiness business, IReadOnlyList<SimulatedDevice> devices, SimulationCounts counts)
    {
        Delivery[] told = [.. webhook.Deliveries];
        counts.Webhooks += told.Length;
        foreach (IGrouping<string, Delivery> same in told.GroupBy(delivery => delivery.Id))
        {
            if (same.Select(delivery => Convert.ToBase64String(delivery.Body)).Distinct().Count() > 1)
            {
                Add(Promise.RepeatsAreTheSame, $"{Kind(same.First())} was told with two bodies under one id.");
            }
        }

        foreach (IGrouping<string, Delivery> same in told.GroupBy(delivery => delivery.Summary))
        {
            if (same.Select(delivery => delivery.Id).Distinct().Count() > 1)
            {
                Add(Promise.RepeatsAreTheSame, $"{Kind(same.First())} was told under two ids.");
            }
        }

        HashSet<string> summaries = [.. told.Where(delivery => delivery.Accepted).Select(delivery => delivery.Summary)];
        foreach ((_, string text, string? id) in business.Sent.Where(sent => sent.Id is not null && !MayHaveFailed(sent.Id, counts)))
        {
            if (!summaries.Contains($"sent:{id}"))
            {
                Add(Promise.StatusesAreTold, $"sent of {text} was not told.");
            }

            // Read says more than delivered, and may have come first.
            if (!losesReceipts && !summaries.Contains($"delivered:{id}") && !summaries.Contains($"read:{id}"))
            {
                Add(Promise.StatusesAreTold, $"delivered of {text} was not told.");
            }
        }

        if (counts.Poisoned == 0 && summaries.Count(summary => summary.StartsWith("failed:", StringComparison.Ordinal)) is > 0 and int failed)
        {
            Add(Promise.AcceptedComes, $"{failed} messages ended as failed.");
        }

        string[] heard = [.. told.Where(delivery => delivery is { Accepted: true, IsMessage: true }).DistinctBy(delivery => delivery.Summary)
            .Select(delivery => TestRelay.Text(delivery.Message.GetProperty("text"), "body"))];
        string[] said = [.. devices.SelectMany(device => device.Sent)];
        counts.FromUsers += said.Length;
        foreach (string text in said.Except(heard))
        {
            Add(Promise.UserIsHeard, $"{text} was not told.");
        }

        foreach (IGrouping<string, string> text in heard.GroupBy(text => text).Where(text => text.Count() > 1 || !said.Contains(text.Key)))
        {
            Add(Promise.UserIsHeard, $"{text.Key} was told as {text.Count()} messages.");
        }
    }

    private void JudgeRest()
    {
        foreach (TableRow row in relay.Rows(TableNames.Conversations))
        {
            if (row.Get("pending", false) || (row.RowKey.StartsWith("O:", StringComparison.Ordinal) && row.Get("state", 1) == (int)OutboundState.Committed))
            {
                Add(Promise.NothingIsLeft, $"A row {row.RowKey[..2]} is left pending.");
            }
        }

        foreach (IGrouping<string, string> queue in relay.Queues.Everything().Concat(transport.Queues.Everything()).Select(left => left.Queue).GroupBy(queue => queue))
        {
            Add(Promise.NothingIsLeft, $"{queue.Count()} messages are left in {queue.Key}.");
        }

        if (relay.Rows(TableNames.Parked).Any())
        {
            Add(Promise.NothingIsLeft, $"{relay.Rows(TableNames.Parked).Count()} envelopes are left parked.");
        }
    }

    private static string Kind(Delivery delivery) => delivery.Summary[..delivery.Summary.IndexOf(':', StringComparison.Ordinal)];
}
