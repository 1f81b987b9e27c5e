using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Load.Parties;
using Relay.LocalHost.Running;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Primitives;

namespace Relay.Privacy.Story;

/// <summary>A business with one number, provisioned by the admin API; it calls as its developer would.</summary>
internal sealed class HistoryBusiness
{
    private const int TokenSecretBytes = 32;
    private const string TokenPrefix = "rly_live_";

    private readonly Stage _stage;
    private readonly string _token;
    private readonly string _callbackData;

    private HistoryBusiness(Stage stage, string token) => (_stage, _token, _callbackData) = (stage, token, stage.Secrets.NewText("callback data"));

    public required string Name { get; init; }

    public required BusinessId Id { get; init; }

    public required PhoneNumberId Phone { get; init; }

    public required PhoneNumber Number { get; init; }

    /// <summary>All that it is given and all that it is called is looked for from now on.</summary>
    public static async Task<HistoryBusiness> CreateAsync(Stage stage, string name, bool hasEndpoint, CancellationToken cancellationToken)
    {
        AdminClient admin = new(stage.Http, stage.Host.BaseAddress, stage.Host.Options.AdminToken);
        CreateBusinessResponse business = await admin.CreateBusinessAsync(stage.Secrets.NewText(name), cancellationToken);
        PhoneNumber number = Numbers.Next();
        RegisterNumberResponse phone = await admin.RegisterNumberAsync(
            business.Id, new RegisterNumberRequest(stage.Secrets.Add(number.E164), stage.Secrets.NewText(name)), cancellationToken);
        string token = (await admin.IssueTokenAsync(business.Id, cancellationToken)).AccessToken;
        stage.Secrets.Add(token);
        stage.Secrets.AddKey("access token", Base64Url.DecodeFromChars(token.AsSpan(TokenPrefix.Length)).AsSpan()[^TokenSecretBytes..]);
        stage.Secrets.Add(business.AppSecret);
        if (hasEndpoint)
        {
            string verify = stage.Secrets.Add(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
            await admin.SetWebhookAsync(business.Id, new SetWebhookRequest(stage.Callback.AbsoluteUri, verify), cancellationToken);
        }

        HistoryBusiness created = new(stage, token) { Name = name, Id = BusinessId.Parse(business.Id), Phone = PhoneNumberId.Parse(phone.Id), Number = number };
        await created.LookForKeysAsync(cancellationToken);
        return created;
    }

    /// <exception cref="StoryException">It was not accepted.</exception>
    public async Task SendAsync(PhoneNumber to, string text, string? idempotencyKey, CancellationToken cancellationToken)
    {
        if (await TrySendAsync(to, text, idempotencyKey, cancellationToken) is not HttpStatusCode.OK and var status)
        {
            throw new StoryException($"a message of {Name} was answered {(int)status}");
        }
    }

    public async Task<HttpStatusCode> TrySendAsync(PhoneNumber to, string text, string? idempotencyKey, CancellationToken cancellationToken)
    {
        object message = new { messaging_product = "whatsapp", to = to.E164, type = "text", text = new { body = text }, biz_opaque_callback_data = _callbackData };
        using HttpResponseMessage answer = await CallAsync(
            HttpMethod.Post, $"v25.0/{Phone.Value}/messages", JsonSerializer.Serialize(message), idempotencyKey, cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Everything that Relay has about a user.</summary>
    public Task<string> ExportAsync(PhoneNumber user, CancellationToken cancellationToken) => GetAsync($"relay/v1/contacts/{user.Digits}/export", cancellationToken);

    /// <summary>What is answered with 200.</summary>
    public async Task<string> GetAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await CallAsync(HttpMethod.Get, path, null, null, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    public async Task EraseAsync(PhoneNumber user, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await CallAsync(HttpMethod.Delete, $"relay/v1/contacts/{user.Digits}", null, null, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public override string ToString() => Name;

    private async Task<HttpResponseMessage> CallAsync(HttpMethod method, string path, string? body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, new Uri(_stage.Host.BaseAddress, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await _stage.Http.SendAsync(request, cancellationToken);
    }

    private async Task LookForKeysAsync(CancellationToken cancellationToken)
    {
        BusinessNumber number = await _stage.Host.Services.GetRequiredService<NumberStore>().FindAsync(Id, Phone, cancellationToken)
            ?? throw new StoryException("the business has no number");
        byte[] identity = new byte[32];
        number.Identity.ExportPrivate(identity);
        _stage.Secrets.AddKey("identity key", identity);
        _stage.Secrets.AddKey("push secret", number.PushSecret.Reveal());
        _stage.Secrets.Add(number.Credential?.Secret.Reveal() ?? throw new StoryException("the business's number is not registered"));
    }
}
