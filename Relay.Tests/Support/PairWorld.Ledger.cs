using Relay.Phone.Events;
using Relay.Phone.State;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Xunit;

namespace Relay.Tests.Support;

/// <summary>What was acknowledged and what came of it.</summary>
internal sealed partial class PairWorld
{
    private const string OwnToken = "own";

    private readonly List<(string Text, string? Id)> _sent = [];
    private readonly List<string> _userSent = [];
    private readonly List<PhoneEvent> _events = [];
    private int _readReceipts;

    private bool _hasLost;

    /// <summary>The relay's session row is gone, as after a partial restore: what the device sends with its own can't be decrypted.</summary>
    public async Task LoseRelaySessionAsync()
    {
        foreach (TableRow row in Relay.Rows(TableNames.Conversations).Where(row => row.RowKey == "S").ToList())
        {
            await Relay.Tables.CommitAsync(TableNames.Conversations, row.PartitionKey, [TableWrite.Delete(row.RowKey, null)], CancellationToken.None);
        }

        _hasLost = true;
    }

    /// <summary>The device has forgotten its session: what the relay sends with its own can't be decrypted.</summary>
    public async Task LosePhoneSessionAsync()
    {
        Device.Dispose();
        using (PhoneStore store = new(PhoneState))
        {
            await store.ChangeAsync(data => data.ConversationWith(TestDevice.Of(Business.Number)).Session = null, CancellationToken.None);
        }

        _device = Running.OpenDevice(_pair.DeviceNumber, PhoneState);
        _hasLost = true;
    }

    /// <summary>Everything acknowledged came, once where it must be once; nothing is left lying; no key was used twice.</summary>
    public async Task CheckAsync()
    {
        _plan.IsOver = true;
        _isRecovered &= _plan.Struck.Count <= 1;
        await SettleAsync();
        for (int round = 0; round < (_hasLost ? 4 : 1); round++)
        {
            await ReceiveAsync();
            await SettleAsync();
        }

        CheckFaults();
        Assert.Empty(Oracle.Violations);
        Assert.Empty(Relay.Queues.Everything());
        Assert.Empty(Transport.Queues.Everything());
        Assert.Empty(Relay.Rows(TableNames.Parked));
        Assert.All(Relay.Rows(TableNames.Conversations), row =>
        {
            Assert.False(row.Get("pending", false), row.RowKey);
            Assert.NotEqual((int)OutboundState.Committed, row.Get("state", (int)OutboundState.Sent));
        });
        CheckDevice();
        CheckWebhooks();
    }

    /// <summary>All that both accounts hold.</summary>
    public IReadOnlyList<string> Dump() => [.. Relay.Dump(), .. Transport.Dump()];

    /// <summary>The same without the audit, which notes also what an operator was refused.</summary>
    public IReadOnlyList<string> DumpBesidesAudit() => [.. Dump().Where(line => !line.StartsWith("audit/", StringComparison.Ordinal))];

    /// <summary>A call to the messages of the business, with its token unless another (or none) is given.</summary>
    public HttpRequestMessage Request(HttpContent content, string? token = OwnToken, string? path = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(Running.Local.BaseAddress, path ?? $"v25.0/{Business.PhoneNumberId}/messages")) { Content = content };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + (token == OwnToken ? Business.AccessToken : token));
        }

        return request;
    }

    /// <summary>The device sends an envelope that no Signal made.</summary>
    public async Task UserSendsRawAsync(string type, byte[] content)
    {
        using PhoneStore store = new(PhoneState);
        DeviceCredential credential = await store.ReadAsync(data => data.ToCredential(), CancellationToken.None);
        TransportClient client = new(Running.Http, Running.Local.BaseAddress);
        Assert.True((await client.SendAsync(credential, TestDevice.Of(Business.Number), EnvelopeId.Create(), type, content, CancellationToken.None)).IsSuccess);
    }

    public IReadOnlyList<string?> Received => [.. _events.OfType<MessageReceived>().Select(message => message.Text)];

    private void CheckDevice()
    {
        List<MessageReceived> received = [.. _events.OfType<MessageReceived>()];
        Assert.True(_hasLost || !_events.Exists(happened => happened is MessageUndecryptable));
        foreach ((string text, string? id) in _sent)
        {
            int times = received.Count(message => message.Text == text);
            Assert.True(id is null ? times <= 1 : times == 1, $"'{text}' came {times} times.");
        }

        Assert.Equal(received.Count, received.Select(message => message.Id).Distinct().Count());
        Assert.InRange(_events.OfType<ReceiptReceived>().Count(), _readReceipts, _readReceipts + 1);
    }

    private void CheckWebhooks()
    {
        IReadOnlyList<string> told = Webhook.Told();
        foreach ((_, string? id) in _sent.Where(sent => sent.Id is not null))
        {
            // With a second fault before the first is mended, a later status may be told first; each is told all the same.
            IEnumerable<string> statuses = told.Where(one => one.EndsWith(id ?? "", StringComparison.Ordinal)).Distinct();
            Assert.Equal([$"sent:{id}", $"delivered:{id}"], _plan.Struck.Count > 1 ? statuses.OrderDescending(StringComparer.Ordinal) : statuses);
        }

        IEnumerable<string?> texts = Webhook.Deliveries
            .Where(delivery => delivery is { Accepted: true, IsMessage: true })
            .DistinctBy(delivery => delivery.Summary)
            .Select(delivery => delivery.Message.GetProperty("text").GetProperty("body").GetString());
        Assert.Equal(_userSent.Order(StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));

        foreach (IGrouping<string, Delivery> repeats in Webhook.Deliveries.GroupBy(delivery => delivery.Summary))
        {
            Assert.Single(repeats.Select(delivery => Convert.ToBase64String(delivery.Body)).Distinct());
            Assert.True(repeats.Count(delivery => delivery.Accepted) == 1 || MayRepeat, $"{repeats.Key} was told twice.");
        }
    }

    /// <summary>Only a fault after an endpoint's 2xx, before its row was marked, may repeat a webhook.</summary>
    private bool MayRepeat => _plan.Struck.Any(struck => _plan.Calls.Any(call => call.Name == "http:business" && call.Number <= struck.Number));
}
