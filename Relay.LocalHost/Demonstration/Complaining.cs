using Relay.LocalHost.Running;
using Relay.Shared.Accounts;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Wire;

namespace Relay.LocalHost.Demonstration;

/// <summary>Users report what a business sent them, each counted once however often; its quality falls by the rule, and it is told.</summary>
internal sealed class Complaining(LocalRelay relay, BusinessCalls business, AdminClient admin, DemoEndpoint endpoint, Screen screen)
{
    /// <param name="who">The business.</param>
    /// <param name="number">Its number.</param>
    /// <param name="reached">Whose devices hold a message of it that nobody read yet.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task RunAsync(string who, PhoneNumber number, IReadOnlyList<CrowdDevice> reached, CancellationToken cancellationToken)
    {
        screen.Step("Users report what they got, and the quality falls");
        screen.Line("Ratings are made each hour and looked at every ten minutes; here both run at once each time, nothing else is shortened.");
        await ShowAsync(QualityRating.Unknown, "not rated yet", cancellationToken);
        await RateAsync(QualityRating.Green, "rated", cancellationToken);
        long messaged = (await admin.ShowIntegrityAsync(who, cancellationToken)).Days.Sum(day => day.Messaged);
        int yellow = Fewest(QualityRating.Yellow, messaged);
        int red = Fewest(QualityRating.Red, messaged);
        screen.Fact("the rule", $"of {messaged} users messaged, {yellow} complaints are yellow and {red} red: fewer may be chance (lower end of the 95 % interval)");

        await ReportAsync(reached.Take(yellow - 1), number, cancellationToken);
        screen.Fact("POST", $"/transport/v1/reports, by {yellow - 1} devices, each for the message that it decrypted, with the token of its envelope: counted");
        bool isCountedAgain = await reached[0].Phone.ReportAsync(number, null, withContent: false, cancellationToken);
        DemoException.Unless(!isCountedAgain, "a report counted twice");
        screen.Fact("once more", "the first of them reports it again: not counted");
        await RateAsync(QualityRating.Green, "rated again", cancellationToken);

        await ReportAsync(reached.Skip(yellow - 1).Take(1), number, cancellationToken);
        screen.Fact("another user", "reports it: counted");
        await RateAsync(QualityRating.Yellow, "rated again", cancellationToken);

        await ReportAsync(reached.Skip(yellow).Take(red - yellow), number, cancellationToken);
        screen.Fact("more users", $"{red - yellow} report it: counted");
        await RateAsync(QualityRating.Red, "rated again", cancellationToken);
        DemoDelivery told = await endpoint.WaitAsync("the quality", delivery => delivery is { Field: SubscriberFields.QualityUpdate, Event: "FLAGGED" }, cancellationToken);
        screen.Fact("webhook body", told.Text);
        SignalsDay counted = (await admin.ShowIntegrityAsync(who, cancellationToken)).Days[0];
        screen.Fact("the operator sees", $"messaged {counted.Messaged}, of them in answer {counted.Served}, complained {counted.Complained}; who they are nobody sees");
        DemoException.Unless(counted.Complained == red, "the reports were not counted once each");
    }

    /// <summary>How many complaints the rule needs for a rating.</summary>
    private static int Fewest(QualityRating rating, long messaged)
    {
        int complained = 1;
        while (complained < messaged && Quality.Rate([new QualityDay(messaged, complained)]) < rating)
        {
            complained++;
        }

        return complained;
    }

    private static Task ReportAsync(IEnumerable<CrowdDevice> devices, PhoneNumber number, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        devices,
        cancellationToken,
        async (device, token) =>
        {
            await device.ReadAsync(FanOut.Offer, token);
            DemoException.Unless(await device.Phone.ReportAsync(number, null, withContent: false, token), "a report was not counted");
        });

    private async Task RateAsync(QualityRating expected, string when, CancellationToken cancellationToken)
    {
        await relay.InvokeTimerAsync("TransportRateBusinesses", cancellationToken);
        await relay.InvokeTimerAsync("WatchStandings", cancellationToken);
        await ShowAsync(expected, when, cancellationToken);
    }

    private async Task ShowAsync(QualityRating expected, string when, CancellationToken cancellationToken)
    {
        BusinessAnswer answer = await business.ShowStandingAsync(cancellationToken);
        screen.Fact(when, answer.Body);
        DemoException.Unless(answer.Quality == expected.Name(), $"the quality is not {expected.Name()}");
    }
}
