using System.Text;
using Microsoft.Extensions.Time.Testing;
using Relay.Load.Counting;
using Relay.Load.Parties;
using Relay.Phone.Events;
using Relay.Shared.Primitives;
using Xunit;

namespace Relay.Tests.Load;

/// <summary>What the ledger of a load run calls lost, twice, explained and broken: a count that can't be wrong can't be right.</summary>
public sealed class LedgerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Ledger _ledger;

    public LedgerTests() => _ledger = new Ledger(_time);

    [Fact]
    public void What_came_out_and_was_told_is_neither_lost_nor_untold()
    {
        Receive(Accepted("w1"), "m1");
        Tell("a", Status("w1", "sent"));
        Tell("b", Status("w1", "delivered"));
        Tally tally = ToUser();
        Assert.Equal((1, 1, 0, 0, 0), (tally.Accepted, tally.Delivered, tally.Lost, tally.Untold, tally.UnexplainedCopies));
        Assert.Equal(0, Settlement.Waiting(_ledger));
    }

    [Fact]
    public void An_accepted_message_that_never_came_out_is_lost()
    {
        Accepted("w1");
        Tell("a", Status("w1", "sent"));
        Assert.Equal((1, 0, 1), (ToUser().Accepted, ToUser().Delivered, ToUser().Lost));
        Assert.Equal(1, Settlement.Waiting(_ledger));
    }

    [Fact]
    public void One_that_a_user_sent_and_the_business_was_not_told_of_is_lost()
    {
        _ledger.Begin(Way.ToBusiness, 0, isKeyed: true).Accept(0, null);
        Assert.Equal(1, Tally.Of(_ledger, Way.ToBusiness).Lost);
    }

    [Fact]
    public void One_that_ended_as_failed_is_not_lost_but_counted()
    {
        Accepted("w1");
        Tell("a", Status("w1", "failed"));
        Assert.Equal((1, 0), (ToUser().Failed, ToUser().Lost));
    }

    [Fact]
    public void One_that_was_refused_is_never_lost()
    {
        _ledger.Begin(Way.ToUser, 0, isKeyed: false).Refuse("130429");
        Assert.Equal((0, 0, 1), (ToUser().Accepted, ToUser().Lost, ToUser().Refused["130429"]));
    }

    [Fact]
    public void One_that_was_delivered_and_never_told_so_is_untold()
    {
        Receive(Accepted("w1"), "m1");
        Tell("a", Status("w1", "sent"));
        Assert.Equal((0, 1), (ToUser().Lost, ToUser().Untold));
    }

    [Fact]
    public void A_second_copy_that_no_unanswered_call_explains_is_counted()
    {
        Passage passage = Accepted("w1");
        Receive(passage, "m1");
        Receive(passage, "m2");
        Assert.Equal((0, 1), (ToUser().ExplainedCopies, ToUser().UnexplainedCopies));
    }

    [Fact]
    public void A_second_copy_after_an_unanswered_call_is_explained_unless_a_key_forbids_it()
    {
        foreach (bool isKeyed in new[] { false, true })
        {
            Passage passage = _ledger.Begin(Way.ToUser, 0, isKeyed);
            passage.LeaveUnanswered();
            passage.Accept(0, "w");
            Receive(passage, "m1" + passage.Text);
            Receive(passage, "m2" + passage.Text);
        }

        Assert.Equal((1, 1), (ToUser().ExplainedCopies, ToUser().UnexplainedCopies));
    }

    [Fact]
    public void A_message_that_nobody_answered_may_come_once_and_need_not()
    {
        Passage comes = _ledger.Begin(Way.ToUser, 0, isKeyed: false);
        comes.LeaveUnanswered();
        Receive(comes, "m1");
        _ledger.Begin(Way.ToUser, 0, isKeyed: false).LeaveUnanswered();
        Assert.Equal((2, 0, 0), (ToUser().NeverAnswered, ToUser().Lost, ToUser().UnexplainedCopies));
    }

    [Fact]
    public void The_same_message_twice_at_a_device_is_a_repeat()
    {
        Passage passage = Accepted("w1");
        Receive(passage, "m1");
        Receive(passage, "m1");
        Assert.Equal((1, 0), (_ledger.DeviceRepeats, ToUser().UnexplainedCopies));
    }

    [Fact]
    public void A_webhook_may_come_twice_if_it_is_the_same()
    {
        Tell("a", Status("w1", "sent"));
        Tell("a", Status("w1", "sent"));
        Assert.Empty(_ledger.Webhooks.Violations);
        Assert.Equal((2, 1), (_ledger.Webhooks.Calls, _ledger.Webhooks.Repeats));
    }

    [Fact]
    public void A_webhook_that_comes_again_with_another_body_or_another_id_is_a_violation()
    {
        Tell("a", Status("w1", "sent"));
        Tell("a", Status("w1", "sent") + " ");
        Assert.Single(_ledger.Webhooks.Violations);
        Tell("b", Status("w1", "sent"));
        Assert.Equal(2, _ledger.Webhooks.Violations.Count);
    }

    [Fact]
    public void A_message_that_nobody_sent_is_a_violation_but_not_one_of_the_run_before()
    {
        Ledger next = new(_time, _ledger);
        next.Note(Message(_ledger.Begin(Way.ToUser, 0, isKeyed: false).Text, "m1"));
        Assert.Empty(next.Violations);
        next.Note(Message("from nowhere", "m2"));
        next.Note(new WebhookCall("a", "no webhook"u8.ToArray()));
        Assert.Equal(2, next.Violations.Count);
    }

    private Passage Accepted(string wamid)
    {
        Passage passage = _ledger.Begin(Way.ToUser, _time.GetTimestamp(), isKeyed: false);
        passage.Accept(_time.GetTimestamp(), wamid);
        return passage;
    }

    private void Receive(Passage passage, string id) => _ledger.Note(Message(passage.Text, id));

    private void Tell(string id, string body) => _ledger.Note(new WebhookCall(id, Encoding.UTF8.GetBytes(body)));

    private Tally ToUser() => Tally.Of(_ledger, Way.ToUser);

    private static string Status(string wamid, string status) =>
        $$$"""{"entry":[{"changes":[{"value":{"statuses":[{"id":"{{{wamid}}}","status":"{{{status}}}"}]}}]}]}""";

    private static MessageReceived Message(string text, string id) => new()
    {
        Id = id,
        From = PhoneNumber.TryParse("+12025550143", out PhoneNumber? number) ? number : throw new InvalidOperationException(),
        Timestamp = 0,
        Text = text,
        Message = default,
    };
}
