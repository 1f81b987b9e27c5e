using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Functions.Http;
using Relay.Functions.Messages;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Idempotency;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Xunit;

namespace Relay.Tests.Support;

/// <summary>One valid request to the door of messages; each test breaks one thing. Behind the door stands the real validator.</summary>
internal sealed class GraphDriver : IAuthorize, IMessageIntake, ILogger<GraphResults>
{
    public const string Token = "rly_test_token";
    public const string Number = "106540352242922";
    public const string TextBody = """{"messaging_product":"whatsapp","to":"+16505551234","text":{"body":"hi"}}""";

    public DefaultHttpContext Context { get; } = new() { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string PhoneNumberId { get; set; } = Number;

    public Exception? Fault { get; set; }

    public GraphError? Refusal { get; set; }

    public ValidSend? Accepted { get; private set; }

    public OutgoingMessage Message => Assert.IsType<OutgoingMessage>(Accepted);

    /// <summary>The text that was accepted, as its device gets it.</summary>
    public (string? Body, bool PreviewUrl) Text => TextOf(Message);

    public static (string? Body, bool PreviewUrl) TextOf(OutgoingMessage message)
    {
        JsonElement text = (message.Message?.Reveal() ?? throw new InvalidOperationException("No content.")).GetProperty("text");
        return (text.GetProperty("body").GetString(), text.TryGetProperty("preview_url", out JsonElement preview) && preview.GetBoolean());
    }

    public List<string> Logged { get; } = [];

    public GraphDriver(string body = TextBody, string? contentType = "application/json")
        : this(Encoding.UTF8.GetBytes(body), contentType)
    {
    }

    public GraphDriver(byte[] body, string? contentType = "application/json")
    {
        Context.Request.Method = "POST";
        Context.Request.Headers.Authorization = "Bearer " + Token;
        Context.Request.ContentType = contentType;
        Context.Request.ContentLength = body.Length;
        Context.Request.Body = new MemoryStream(body);
        Context.Response.Body = new MemoryStream();
    }

    public async Task<string> SendAsync(CancellationToken cancellationToken = default)
    {
        MessageFunctions functions = new(new GraphEndpoint(this, new GraphResults(this), Time), this);
        IResult result = await functions.SendAsync(Context.Request, PhoneNumberId, cancellationToken);
        await result.ExecuteAsync(Context);
        return Encoding.UTF8.GetString(((MemoryStream)Context.Response.Body).ToArray());
    }

    /// <summary>Sends and checks that the answer is this error, in all that every error has.</summary>
    public async Task<string> RefusedAsync(GraphErrorCode expected)
    {
        string json = await SendAsync();
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement error = document.RootElement.GetProperty("error");
        string details = error.GetProperty("error_data").GetProperty("details").GetString()!;
        Assert.True(expected.Code == error.GetProperty("code").GetInt32(), json);
        Assert.Equal(expected.HttpStatus, Context.Response.StatusCode);
        Assert.Equal(expected.Message, error.GetProperty("message").GetString());
        Assert.Equal(expected.Type, error.GetProperty("type").GetString());
        Assert.Equal(expected.Subcode, error.TryGetProperty("error_subcode", out JsonElement subcode) ? subcode.GetInt32() : null);
        Assert.Equal(22, error.GetProperty("fbtrace_id").GetString()!.Length);
        Assert.Equal(error.GetProperty("fbtrace_id").GetString(), Context.Response.Headers["x-fb-trace-id"]);
        Assert.Equal("application/json; charset=UTF-8", Context.Response.ContentType);
        Assert.Equal(json.Length, Context.Response.ContentLength);
        Assert.NotEmpty(details);
        Assert.Null(Accepted);
        return details;
    }

    async ValueTask<Result<Caller, GraphError>> IAuthorize.ExecuteAsync(Secret? accessToken, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return accessToken is not null && accessToken.Matches(Token)
            ? new Caller(BusinessId.Create(), AccessScopes.Messaging, "0123456789abcdef")
            : GraphErrorCode.InvalidToken.Because("The access token is missing or not valid.");
    }

    async Task<Result<SendMessageReply, GraphError>> IMessageIntake.ExecuteAsync(
        Caller caller, PhoneNumberId number, SendMessageRequest request, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        if (Fault is not null)
        {
            throw Fault;
        }

        if (Refusal is not null)
        {
            return Refusal;
        }

        if (!SendMessageValidator.Validate(request).TryGet(out ValidSend? send, out GraphError? error))
        {
            return error;
        }

        Accepted = send;
        return send is OutgoingMessage message
            ? SendMessageResponse.Accepted(new AcceptedContact(message.ToInput.Reveal()) { WaId = message.To?.Digits }, "wamid.HBgL")
            : new SuccessResponse();
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logged.Add($"{logLevel}: {formatter(state, exception)}{exception}");
}
