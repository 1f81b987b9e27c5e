using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.History;

/// <summary>Messages put into storage as the pipeline does, and a business that pages through them over HTTP.</summary>
internal sealed class HistoryPages(TestRelay relay, TestBusiness business)
{
    private readonly ConversationStore _store = relay.Local.Services.GetRequiredService<ConversationStore>();
    private readonly MessageIds _ids = relay.Local.Services.GetRequiredService<MessageIds>();

    private static readonly PhoneNumber Peer = TestDevice.Of("+4915100000000");

    /// <summary>The last page that was met.</summary>
    public JsonElement Last { get; private set; }

    public ConversationKey NewConversation() => new(BusinessId.Parse(business.Id), ConversationId.Create());

    /// <summary>Puts messages of both directions, a receipt of the business's and a receipt's mark into one conversation; says their ids.</summary>
    public async Task<IReadOnlyList<string>> PutAsync(ConversationKey key, int own, int users, string? number = null)
    {
        PhoneNumberId of = PhoneNumberId.Parse(number ?? business.PhoneNumberId);
        ConversationCommit commit = _store.Begin(key, of);
        List<string> wamids = [];
        for (int i = 0; i < own + users; i++)
        {
            EnvelopeId id = EnvelopeId.Create();
            bool isOwn = i < own;
            MessageLocator locator = new(isOwn ? MessageDirection.FromBusiness : MessageDirection.FromUser, key.Conversation, id);
            wamids.Add(await _ids.CreateAsync(key.Business, of, locator, CancellationToken.None));
            if (isOwn)
            {
                await commit.InsertOutboundAsync(Outbound(id, tells: true), null, CancellationToken.None);
            }

            await commit.InsertWebhookAsync(isOwn ? $"W:{id.Hex}:sent" : $"R:{id.Hex}", Body(of, isOwn, wamids[^1]), CancellationToken.None);
        }

        await commit.InsertOutboundAsync(Outbound(EnvelopeId.Create(), tells: false), null, CancellationToken.None);
        commit.PutMark($"R:{EnvelopeId.Create().Hex}", new InboundMark { Tell = [] });
        Assert.True((await commit.SaveAsync(CancellationToken.None)).IsSaved);
        return wamids;
    }

    /// <summary>All message ids from a page on, following its addresses.</summary>
    public async Task<IReadOnlyList<string>> WalkAsync(string path, Func<Task>? between = null) => (await PagesAsync(path, "next", between)).SelectMany(page => page).ToList();

    /// <summary>The message ids of each page from one on, following its addresses of the next or the previous one.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> PagesAsync(string path, string direction, Func<Task>? between = null)
    {
        List<IReadOnlyList<string>> met = [];
        for (int pages = 0; path.Length > 0; pages++)
        {
            Assert.True(pages < 2_000, "Paging doesn't end.");
            JsonElement page = await GetAsync(path);
            met.Add([.. page.GetProperty("data").EnumerateArray().Select(entry => TestRelay.Text(entry, "message_id"))]);
            Last = page;
            path = page.TryGetProperty("paging", out JsonElement paging) && paging.TryGetProperty(direction, out JsonElement next)
                ? new Uri(next.GetString()!).PathAndQuery[1..]
                : "";
            if (between is not null)
            {
                await between();
            }
        }

        return met;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        (HttpStatusCode status, JsonElement answer) = await business.GetAsync(path);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    /// <summary>The call is refused with this code and subcode; the whole error but its trace, to compare.</summary>
    public static async Task<string> RefusedAsync(Task<(HttpStatusCode Status, JsonElement Answer)> call, int code, int? subcode = null)
    {
        (HttpStatusCode status, JsonElement answer) = await call;
        Assert.NotEqual(HttpStatusCode.OK, status);
        JsonElement error = answer.GetProperty("error");
        Assert.True(code == error.GetProperty("code").GetInt32(), answer.ToString());
        Assert.Equal(subcode, error.TryGetProperty("error_subcode", out JsonElement found) ? found.GetInt32() : null);
        return $"{(int)status} {error.GetProperty("message")} {error.GetProperty("error_data").GetProperty("details")}";
    }

    private static byte[] Body(PhoneNumberId number, bool isOwn, string wamid) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        entry = new[]
        {
            new
            {
                changes = new[]
                {
                    new
                    {
                        field = "messages",
                        value = new Dictionary<string, object>
                        {
                            ["metadata"] = new { phone_number_id = number.Value },
                            [isOwn ? "statuses" : "messages"] = new[] { new { id = wamid, status = "sent" } },
                        },
                    },
                },
            },
        },
    });

    private static OutboundMessage Outbound(EnvelopeId id, bool tells) => new()
    {
        Id = id,
        State = OutboundState.Sent,
        TellsStatus = tells,
        To = Peer,
        EnvelopeType = "message",
        Ciphertext = RandomNumberGenerator.GetBytes(32),
    };
}
