using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Relay.Privacy.Stealing;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Primitives;

namespace Relay.Privacy.Story;

/// <summary>
/// What happens on which day. Two businesses: Aster, whose endpoint is down for a while, and Birke, which has none. Users: Anna falls silent, Ben goes on
/// with both, Carla never fetches what she was sent, Dora is erased.
/// </summary>
internal sealed class Chronicle(Stage stage, Loot loot)
{
    public const int ErasureDay = 3;

    private const int EndpointUpDay = 4;

    /// <summary>The longest pause between two attempts is over.</summary>
    private const int ToldDay = 5;
    private const int EveryDays = 5;

    private HistoryBusiness? _aster;
    private HistoryBusiness? _birke;
    private HistoryUser? _anna;
    private HistoryUser? _ben;
    private HistoryUser? _carla;
    private HistoryUser? _dora;

    public HistoryBusiness Aster => _aster ?? throw new InvalidOperationException("The story has not begun.");

    public HistoryBusiness Birke => _birke ?? throw new InvalidOperationException("The story has not begun.");

    /// <summary>Who goes on.</summary>
    public HistoryUser Ben => _ben ?? throw new InvalidOperationException("The story has not begun.");

    /// <summary>Aster's users.</summary>
    public IReadOnlyList<HistoryUser> Users => [_anna!, Ben, _carla!, _dora!];

    /// <summary>The conversations of those whom Aster knows no more: silent, never reached, erased.</summary>
    public IReadOnlyList<ConversationKey> Past { get; private set; } = [];

    /// <summary>What Dora said waited for the endpoint when she was erased: nobody is to be told any more.</summary>
    public bool IsToldOfErased => IsTold("Says Dora");

    /// <summary>Says what happened.</summary>
    public async Task<string> ActAsync(int day, CancellationToken cancellationToken)
    {
        switch (day)
        {
            case 0:
                await BeginAsync(cancellationToken);
                return "Aster writes to Anna, Ben, Carla and Dora, Birke to Ben; all but Carla answer";
            case EndpointUpDay:
                stage.IsEndpointDown = false;
                await stage.SettleAsync(cancellationToken);
                return "Aster's endpoint is up again";
            case ToldDay:
                await TalkAsync(Aster, cancellationToken);
                await TalkAsync(Birke, cancellationToken);
                ExpectTold();
                return "Ben and both businesses talk; by now Aster was told what Anna and Ben said on the first day";
            case ErasureDay:
                await EraseDoraAsync(cancellationToken);
                return "Aster exports and erases Dora";
            case var _ when day % EveryDays == 0:
                await TalkAsync(Aster, cancellationToken);
                await TalkAsync(Birke, cancellationToken);
                return "Ben and both businesses talk";
            default:
                return string.Empty;
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        _aster = await HistoryBusiness.CreateAsync(stage, "Aster", hasEndpoint: true, cancellationToken);
        _birke = await HistoryBusiness.CreateAsync(stage, "Birke", hasEndpoint: false, cancellationToken);
        _anna = await stage.UserAsync("Anna", listens: true, cancellationToken);
        _ben = await stage.UserAsync("Ben", listens: true, cancellationToken);
        _carla = await stage.UserAsync("Carla", listens: false, cancellationToken);
        _dora = await stage.UserAsync("Dora", listens: true, cancellationToken);
        string[] texts = [.. Users.Select(user => stage.Secrets.NewText($"Hello {user}"))];
        foreach ((HistoryUser user, string text) in Users.Zip(texts))
        {
            await Aster.SendAsync(user.Number, text, null, cancellationToken);
        }

        string key = stage.Secrets.Add("order-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        string once = stage.Secrets.NewText("Once, Anna");
        await Aster.SendAsync(_anna.Number, once, key, cancellationToken);
        await Aster.SendAsync(_anna.Number, once, key, cancellationToken);
        loot.Take();
        await stage.SettleAsync(cancellationToken);
        Expect(_anna, texts[0], once);
        Expect(_ben, texts[1]);
        Expect(_dora, texts[3]);

        // Until the endpoint is up again, what users say waits in storage.
        stage.IsEndpointDown = true;
        foreach (HistoryUser user in new[] { _anna, _ben, _dora })
        {
            await user.SendAsync(Aster.Number, stage.Secrets.NewText($"Says {user}"), cancellationToken);
            loot.Take();
        }

        await TalkAsync(Birke, cancellationToken);
        loot.Take();
        LookupStore lookup = stage.Host.Services.GetRequiredService<LookupStore>();
        List<ConversationKey> past = [];
        foreach (HistoryUser user in new[] { _anna, _carla, _dora })
        {
            ConversationId conversation = await lookup.FindAsync(Aster.Id, Aster.Phone, user.Number, cancellationToken)
                ?? throw new StoryException($"{Aster} has no conversation with {user}");
            past.Add(new ConversationKey(Aster.Id, conversation));
        }

        Past = past;
    }

    private async Task TalkAsync(HistoryBusiness business, CancellationToken cancellationToken)
    {
        string text = stage.Secrets.NewText($"{business} to Ben");
        await business.SendAsync(Ben.Number, text, null, cancellationToken);
        await stage.SettleAsync(cancellationToken);
        Expect(Ben, text);
        await Ben.SendAsync(business.Number, stage.Secrets.NewText($"Ben to {business}"), cancellationToken);
        await stage.SettleAsync(cancellationToken);
    }

    private async Task EraseDoraAsync(CancellationToken cancellationToken)
    {
        HistoryUser dora = _dora ?? throw new InvalidOperationException("The story has not begun.");
        string export = await Aster.ExportAsync(dora.Number, cancellationToken);
        if (!export.Contains(dora.Number.Digits, StringComparison.Ordinal) || !export.Contains("Says Dora", StringComparison.Ordinal))
        {
            throw new StoryException("the export does not hold what Dora said");
        }

        await Aster.EraseAsync(dora.Number, cancellationToken);
        await stage.SettleAsync(cancellationToken);
    }

    private void ExpectTold()
    {
        if (!IsTold("Says Anna") || !IsTold("Says Ben"))
        {
            throw new StoryException("the endpoint was not told what waited for it");
        }
    }

    private bool IsTold(string text) => stage.Told.Any(call => Encoding.ASCII.GetString(call.Body).Contains(text, StringComparison.Ordinal));

    /// <summary>What nobody got proves nothing.</summary>
    private static void Expect(HistoryUser user, params string[] texts)
    {
        if (texts.Except(user.Read).Any() || user.Read.Count != user.Read.Distinct().Count())
        {
            throw new StoryException($"{user} did not get what was sent, or got it twice");
        }
    }
}
