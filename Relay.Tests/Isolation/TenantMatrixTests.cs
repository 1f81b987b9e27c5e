using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Limits;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Isolation;

/// <summary>
/// Every route, every place in it where an id may stand, generated from the catalog of functions: another business's living id is answered as one that nobody has, to the letter,
/// and changes nothing of that business. That each request would succeed for its owner is tried too, or the answers would prove nothing.
/// </summary>
public sealed partial class TenantMatrixTests
{
    private static readonly FunctionCatalog Catalog = FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes());

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Every_function_says_what_is_asked_of_it_and_how_its_ids_are_made()
    {
        HttpFunction[] functions = [.. Catalog.Http.Where(IsOurs)];
        string[] unasked = [.. functions.Select(Name).Distinct().Where(name => !IsolationCalls.All.ContainsKey(name)).Order(StringComparer.Ordinal)];
        Assert.True(unasked.Length == 0, "Say in IsolationCalls what is asked of: " + string.Join(", ", unasked));
        string[] unknown =
        [
            .. functions.SelectMany(function => Parameters(function).Select(parameter => (function.Name, parameter)))
                .Where(one => !IdKinds.OfParameter.ContainsKey(one.parameter) && !IdKinds.Fixed.ContainsKey(one.parameter) && IsolationCalls.All[Base(one.Name)].Length > 0)
                .Select(one => $"{one.parameter} of {one.Name}"),
        ];
        Assert.True(unknown.Length == 0, "Say in IdKinds how these ids are made: " + string.Join(", ", unknown));
        string[] gone = [.. IsolationCalls.All.Keys.Concat(IsolationCalls.Others.Keys).Except(Catalog.Http.Select(Name))];
        Assert.True(gone.Length == 0, "There is no such function any more: " + string.Join(", ", gone));
    }

    [Fact]
    public async Task Another_businesss_id_is_answered_as_one_that_nobody_has_and_changes_nothing()
    {
        MemoryAccount account = new(_time);
        await using TestRelay relay = await StartAsync(account);
        await using IsolationParty owner = await IsolationParty.StartAsync(relay, "owner");
        await using IsolationParty caller = await IsolationParty.StartAsync(relay, "caller");
        await relay.DrainAsync();
        Dictionary<string, string> unknown = await IsolationParty.UnknownAsync(relay, owner.Ids);
        Put(relay, caller, owner.Ids, unknown, caller.Ids);
        string[] before = RowsOf(account, owner);
        int told = owner.Told.Count;

        List<string> leaks = [];
        int places = 0;
        foreach (MatrixRequest request in Requests().Where(request => !request.IsDestructive).Concat(Requests().Where(request => request.IsDestructive)))
        {
            foreach (IReadOnlyList<int> some in request.Choices())
            {
                places++;
                string foreign = await AskAsync(relay, caller, request, some, owner.Ids, unknown);
                string none = await AskAsync(relay, caller, request, some, unknown, owner.Ids);
                if (foreign != none)
                {
                    leaks.Add($"{request} with another's {string.Join(" and ", some.Select(place => request.Places[place]))}:\n    {foreign}\n    {none}");
                }
            }
        }

        Assert.True(leaks.Count == 0, $"{leaks.Count} of {places}:\n" + string.Join("\n", leaks));
        Assert.True(places > 250, $"Only {places} places were tried.");
        Assert.Equal(before, RowsOf(account, owner));
        Assert.Equal(told, owner.Told.Count);
        Assert.Empty(relay.Faults);
    }

    /// <summary>The same requests with an owner's own ids: each does what it is for, so that being refused says something.</summary>
    [Fact]
    public async Task For_its_owner_each_of_these_requests_succeeds()
    {
        MemoryAccount account = new(_time);
        await using TestRelay relay = await StartAsync(account);
        await using IsolationParty owner = await IsolationParty.StartAsync(relay, "owner");
        Put(relay, owner, owner.Ids);
        List<string> refused = [];
        MatrixRequest[] all = [.. Requests().Where(request => request.IsVersioned)];
        foreach (MatrixRequest request in all.Where(request => !request.IsDestructive).Concat(all.Where(request => request.IsDestructive)))
        {
            (HttpStatusCode status, string answer) = await CallAsync(relay, request, request.Fill(owner.Ids, [], owner.Ids), owner.Ids);
            int error = status == HttpStatusCode.OK ? 0 : int.Parse(CodeOf().Match(answer).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            if (request.Call.OwnersError >= 0 && error != request.Call.OwnersError)
            {
                refused.Add($"{request}: {answer}");
            }

            await relay.DrainAsync();
        }

        Assert.True(refused.Count == 0, string.Join("\n", refused));
    }

    private static bool IsOurs(HttpFunction function) =>
        !function.Name.StartsWith("Transport", StringComparison.Ordinal) && !IsolationCalls.Others.ContainsKey(Name(function));

    private static string Name(HttpFunction function) => Base(function.Name);

    private static string Base(string name) => name.EndsWith("Unversioned", StringComparison.Ordinal) ? name[..^"Unversioned".Length] : name;

    private static IEnumerable<string> Parameters(HttpFunction function) => MatrixRequest.ParameterOf().Matches(function.Route).Select(match => match.Groups[1].Value);

    private static IEnumerable<MatrixRequest> Requests() =>
        from function in Catalog.Http.Where(IsOurs)
        from call in IsolationCalls.All[Name(function)]
        where function.Verbs.Contains(call.Verb)
        from request in MatrixRequest.Of(function, call)
        select request;

    private static void Put(TestRelay relay, IsolationParty caller, params Dictionary<string, string>[] all)
    {
        string callback = caller.Callback.AbsoluteUri;
        foreach (Dictionary<string, string> ids in all)
        {
            ids["callback_url"] = callback;
            ids["callback"] = Uri.EscapeDataString(callback);
            ids["verify_token"] = caller.VerifyToken;
            ids[IsolationCalls.Operator] = relay.Local.Options.AdminToken.Reveal();
        }
    }

    /// <summary>What is answered, and what the caller is told afterwards, with both ids named alike.</summary>
    private static async Task<string> AskAsync(
        TestRelay relay, IsolationParty caller, MatrixRequest request, IReadOnlyList<int> places, Dictionary<string, string> other, Dictionary<string, string> counterpart)
    {
        int told = caller.Told.Count;
        (HttpStatusCode status, string answer) = await CallAsync(relay, request, request.Fill(caller.Ids, places, other), caller.Ids);
        await relay.DrainAsync();
        string text = $"{(int)status} {answer} {string.Join(' ', caller.Told.Skip(told).Select(one => Encoding.UTF8.GetString(one.Body)))}";
        foreach (string kind in places.Select(place => request.Places[place]))
        {
            text = text.Replace(other[kind], $"<{kind}>", StringComparison.Ordinal).Replace(counterpart[kind], $"<{kind}>", StringComparison.Ordinal);
        }

        return Made().Replace(Wamid().Replace(text, "<wamid>"), "<made>");
    }

    private static async Task<(HttpStatusCode Status, string Answer)> CallAsync(TestRelay relay, MatrixRequest request, FilledRequest filled, Dictionary<string, string> caller)
    {
        using HttpRequestMessage message = new(HttpMethod.Parse(request.Call.Verb), new Uri(relay.Local.BaseAddress, filled.Target));
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller[request.Call.Caller]);
        if (filled.Key is { } key)
        {
            message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        if (filled.Body is { } body)
        {
            message.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.Call.ContentType);
        }

        using HttpResponseMessage response = await relay.Http.SendAsync(message);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string[] RowsOf(MemoryAccount account, IsolationParty owner) =>
        [.. account.Dump().Where(line => owner.Ids.Where(id => id.Key is IdKinds.Business or IdKinds.Phone or IdKinds.Waba or IdKinds.App).Any(id => line.Contains(id.Value, StringComparison.Ordinal)))];

    private Task<TestRelay> StartAsync(MemoryAccount account) => TestRelay.StartAsync(new LocalRelayOptions
    {
        RelayStorage = new RelayStorage(account.Tables, account.Queues, account.Blobs),
        Limits = RelayLimits.Lifted,
        Time = _time,
    });

    /// <summary>What is drawn for each answer, and what a device that anybody may write to has published.</summary>
    [GeneratedRegex("\"(fbtrace_id|safety_number|identity_key_hash|user_id|recipient_user_id|value|id)\":\"[^\"]*\"")]
    private static partial Regex Made();

    [GeneratedRegex("wamid\\.[A-Za-z0-9+/=_-]+")]
    private static partial Regex Wamid();

    [GeneratedRegex("\"code\":(\\d+)")]
    private static partial Regex CodeOf();
}
