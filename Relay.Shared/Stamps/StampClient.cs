using System.Net.Http.Headers;
using System.Text.Json;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Stamps.Wire;

namespace Relay.Shared.Stamps;

/// <summary>
/// Calls another stamp's manager: signed, over TLS. What it refuses is refused here in its words; that it is away, or answers what no manager does, is an
/// <see cref="HttpRequestException"/> or a <see cref="TimeoutException"/>, and the call may simply be repeated.
/// </summary>
public sealed class StampClient(HttpClient http, StampOptions options, TimeProvider time)
{
    /// <summary>The audience of calls to a manager.</summary>
    public const string ToManager = "manager";

    private const int MaxAnswer = 64 * 1024;

    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(40);

    private readonly RoleSigner? _signer = options.Key is { } key ? new RoleSigner(new RoleKeys(key), time) : null;

    /// <summary>What whoever isn't believed is told, and whoever sends a call again.</summary>
    public static GraphError NotBelieved => GraphErrorCode.InvalidToken.Because("This call is another stamp's manager's, signed with the key that they share, and each is taken once.");

    public static string Path(BusinessId business) => $"relay/v1/stamps/businesses/{business}/phone_numbers";

    internal async Task<Result<RegisterNumberResponse, GraphError>> AdoptAsync(Uri manager, Business business, RegisterNumberRequest number, CancellationToken cancellationToken)
    {
        RoleSigner signer = _signer ?? throw new InvalidOperationException("The setting Manager__StampKey is missing.");
        AdoptNumberRequest request = new(business.Name.Reveal(), business.Waba.Value, business.AppId, business.AppSecret.Reveal(), number);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(request, StampJson.Default.AdoptNumberRequest);
        using HttpRequestMessage message = new(HttpMethod.Post, new Uri(manager.AbsoluteUri.TrimEnd('/') + "/" + Path(business.Id)))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        signer.Sign(message, ToManager, body);
        using CancellationTokenSource deadline = new(CallTime, time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            await response.Content.LoadIntoBufferAsync(MaxAnswer, stop.Token);
            return Read(response.IsSuccessStatusCode, (int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(stop.Token));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("Another stamp's manager did not answer in time.");
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(body);
        }
    }

    private static Result<RegisterNumberResponse, GraphError> Read(bool isSuccess, int status, byte[] answer)
    {
        try
        {
            if (isSuccess)
            {
                return JsonSerializer.Deserialize(answer, AdminJson.Default.RegisterNumberResponse) ?? throw Wrong(status);
            }

            using JsonDocument document = JsonDocument.Parse(answer);
            JsonElement error = document.RootElement.GetProperty("error");
            int code = error.GetProperty("code").GetInt32();
            int? subcode = error.TryGetProperty("error_subcode", out JsonElement sub) ? sub.GetInt32() : null;
            string details = error.GetProperty("error_data").GetProperty("details").GetString() ?? string.Empty;
            GraphErrorCode? row = GraphErrorCode.All.FirstOrDefault(one => one.Code == code && one.Subcode == subcode);

            // That it didn't believe us is no mistake of who called us.
            return row is null || row.HttpStatus >= 500 || row == GraphErrorCode.InvalidToken ? throw Wrong(status) : row.Because(details);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Wrong(status);
        }
    }

    private static HttpRequestException Wrong(int status) => new($"Another stamp's manager answered {status}.");
}
