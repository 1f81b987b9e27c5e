using Relay.LocalHost.Running;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Standing;

namespace Relay.LocalHost.Demonstration;

/// <summary>A business that messages users who never wrote to it: as many as its tier allows get something, whoever writes to it is answered.</summary>
internal sealed class FanOut(BusinessCalls business, AdminClient admin, DemoEndpoint endpoint, Crowd crowd, Screen screen)
{
    /// <summary>The tier that the demo's business has.</summary>
    public const MessagingTier Tier = MessagingTier.Tier250;

    /// <summary>More than fit, beside those that are tried one by one.</summary>
    public const int Devices = 256;

    public const string Offer = "Spring sale at the parcel shop: 20 percent off until Sunday";
    public const string Wish = "Do you also ship to the islands?";
    public const string Reply = "Gladly, it takes two days longer.";

    private const int TierLimitError = 131048;
    private const int AtOnce = 16;
    private const int OneByOne = 2;

    /// <summary>Gives those who got the message.</summary>
    public async Task<IReadOnlyList<CrowdDevice>> RunAsync(string who, PhoneNumber number, CancellationToken cancellationToken)
    {
        screen.Step("A fan-out is noticed: the business messages users that it has never heard from");
        IntegrityResponse before = await admin.ShowIntegrityAsync(who, cancellationToken);
        long room = Tier.Limit().GetValueOrDefault() - before.Used;
        screen.Fact("devices", $"{crowd.Devices.Count}, registered in this process by the phone's own code, their state in memory");
        screen.Fact("tier", $"{before.Tier}: {Tier.Limit()} users of a moving day outside of service windows, {before.Used} used");
        IReadOnlyList<CrowdDevice> reached = await SendToAllAsync(cancellationToken);
        DemoException.Unless(reached.Count == room, $"{reached.Count} users got the message, and {room} should have");
        await RefuseAsync(crowd.Devices[^OneByOne], cancellationToken);
        await ShowUsedAsync(who, cancellationToken);
        await AnswerAsync(number, crowd.Devices[^1], cancellationToken);
        await ShowUsedAsync(who, cancellationToken);
        return reached;
    }

    private async Task<IReadOnlyList<CrowdDevice>> SendToAllAsync(CancellationToken cancellationToken)
    {
        CrowdDevice[] all = [.. crowd.Devices.SkipLast(OneByOne)];
        BusinessAnswer[] answers = new BusinessAnswer[all.Length];
        int slowedDown = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, all.Length, options, async (index, token) => answers[index] = await business.SendPatientlyAsync(
            BusinessCalls.Text(all[index].Number.E164, Offer), () => Interlocked.Increment(ref slowedDown), token));
        string[] accepted = [.. answers.Select(answer => answer.MessageId).OfType<string>()];
        BusinessAnswer[] atTheDoor = [.. answers.Where(answer => answer.MessageId is null)];
        screen.Fact($"POST, {all.Length} times", $"{BusinessCalls.Text(all[0].Number.E164, Offer)} and so on, {AtOnce} at once");
        screen.Fact("answered", $"{accepted.Length} times 200, {atTheDoor.Length} times refused; {slowedDown} times told to slow down first (130429)");

        IReadOnlyList<DemoDelivery> told = await endpoint.WaitForAllAsync(accepted, cancellationToken);
        DemoDelivery[] sent = [.. told.Where(delivery => delivery.Status.Status == "sent")];
        DemoDelivery[] failed = [.. told.Where(delivery => delivery.Status.Status == "failed")];
        DemoException.Unless(atTheDoor.All(answer => answer.Error == TierLimitError) && failed.All(delivery => delivery.Error == TierLimitError), "a user was refused for another reason");
        screen.Fact("webhooks", $"{sent.Length} times sent, the last of them to {sent.LastOrDefault()?.Recipient}; {failed.Length} times failed");
        if (failed.Length > 0)
        {
            screen.Fact("the last that failed", failed[^1].Text);
        }

        HashSet<string?> got = [.. sent.Select(delivery => delivery.Recipient)];
        return [.. all.Where(device => got.Contains(device.Number.Digits))];
    }

    private async Task RefuseAsync(CrowdDevice device, CancellationToken cancellationToken)
    {
        BusinessAnswer answer = await business.SendPatientlyAsync(BusinessCalls.Text(device.Number.E164, Offer), () => { }, cancellationToken);
        screen.Fact("one more", $"POST to {device.Number.E164}");
        screen.Fact($"answer {answer.Status}", answer.Body);
        DemoException.Unless(answer.Error == TierLimitError, "the next user was not refused at the door");
    }

    private async Task AnswerAsync(PhoneNumber number, CrowdDevice device, CancellationToken cancellationToken)
    {
        screen.Step("Whoever writes is answered all the same");
        await device.Phone.SendTextAsync(number, Wish, null, cancellationToken);
        await endpoint.WaitAsync("the user's question", delivery => delivery.MessageText == Wish, cancellationToken);
        screen.Fact($"{device.Number.E164} wrote", Wish);
        BusinessAnswer answer = await business.SendPatientlyAsync(BusinessCalls.Text(device.Number.E164, Reply), () => { }, cancellationToken);
        DemoException.Unless(answer.MessageId is not null, "an answer within 24 hours was refused");
        await device.ReadAsync(Reply, cancellationToken);
        screen.Fact("the answer, decrypted", Reply);
    }

    private async Task ShowUsedAsync(string who, CancellationToken cancellationToken)
    {
        IntegrityResponse now = await admin.ShowIntegrityAsync(who, cancellationToken);
        screen.Fact("the operator sees", $"{now.Tier}, used {now.Used}, exhausted {(now.Exhausted ? "yes" : "no")}");
        DemoException.Unless(now.Used == Tier.Limit() && now.Exhausted, "the tier is not used up exactly");
    }
}
