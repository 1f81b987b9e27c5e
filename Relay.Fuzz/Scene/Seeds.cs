using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.Fuzz.Wire;
using Relay.LocalHost;
using Relay.Shared.Accounts;
using Relay.Shared.RoleCalls;
using Relay.Shared.Transport.Wire;

namespace Relay.Fuzz.Scene;

/// <summary>The requests that changes begin with, by the function that takes them: what the scene sent, and for each route without any a request made from its template.</summary>
internal sealed class Seeds
{
    private const int MaxOfFunction = 40;
    private const string Push = "AcceptEnvelope";
    private const string Registrar = "TransportRegisterBusinessNumber";
    private const string Unversioned = "Unversioned";

    private readonly Dictionary<string, List<FuzzRequest>> _byFunction = new(StringComparer.Ordinal);

    public Seeds(FuzzScene scene, FunctionCatalog catalog)
    {
        HttpRoute[] routes = [.. catalog.Http.Select(function => new HttpRoute(function, string.Empty))];
        foreach (RecordedRequest recorded in scene.Stage.Recorded)
        {
            if (routes.FirstOrDefault(route => Takes(route, recorded)) is { } taker)
            {
                Add(scene, taker.Function.Name, recorded);
            }
        }

        foreach (HttpFunction function in catalog.Http.Where(function => !_byFunction.ContainsKey(function.Name)))
        {
            if (function.Name.EndsWith(Unversioned, StringComparison.Ordinal)
                && _byFunction.TryGetValue(function.Name[..^Unversioned.Length], out List<FuzzRequest>? versioned))
            {
                _byFunction[function.Name] = [.. versioned.Select(seed => WithoutVersion(seed, function.Name))];
                continue;
            }

            Made.Add(function.Name);
            Add(scene, function.Name, Make(scene, function));
        }

        Functions = [.. _byFunction.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Every function that a request can reach.</summary>
    public IReadOnlyList<string> Functions { get; }

    /// <summary>Those whose seed was made from the route's template alone.</summary>
    public List<string> Made { get; } = [];

    public IReadOnlyList<FuzzRequest> Of(string function) => _byFunction[function];

    private static FuzzRequest WithoutVersion(FuzzRequest seed, string function)
    {
        FuzzRequest copy = seed.Copy(function);
        int at = copy.Target.IndexOf('/', 1);
        copy.Target = at < 0 ? copy.Target : copy.Target[at..];
        return copy;
    }

    private static bool Takes(HttpRoute route, RecordedRequest request) =>
        route.Takes(request.Method) && route.TryMatch(request.Target.Split('?')[0], new RouteValueDictionary());

    private void Add(FuzzScene scene, string function, RecordedRequest recorded)
    {
        if (!_byFunction.TryGetValue(function, out List<FuzzRequest>? seeds))
        {
            _byFunction[function] = seeds = [];
        }

        if (seeds.Count < MaxOfFunction)
        {
            seeds.Add(new FuzzRequest
            {
                Function = function,
                Method = recorded.Method,
                Target = recorded.Target,
                Headers = [.. recorded.Headers],
                Body = recorded.Body,
                Sign = function switch
                {
                    Push => body => Sign(scene, body),
                    Registrar => body => SignAsRegistrar(scene, recorded, body),
                    _ => null,
                },
            });
        }
    }

    private static IEnumerable<(string Name, string Value)> Sign(FuzzScene scene, byte[] body)
    {
        long now = scene.Stage.Clock.GetUtcNow().ToUnixTimeSeconds();
        yield return (PushSignature.TimestampHeader, now.ToString(CultureInfo.InvariantCulture));
        yield return (PushSignature.SignatureHeader, PushSignature.Compute(scene.PushSecret.Reveal(), now, body));
    }

    private static IEnumerable<(string Name, string Value)> SignAsRegistrar(FuzzScene scene, RecordedRequest recorded, byte[] body)
    {
        RoleSigner signer = scene.Stage.Host.Services.GetRequiredService<RelayAddresses>().Registrar;
        yield return (RoleSignature.Header, signer.Sign(new RoleCall(RoleCall.ToTransport, recorded.Method, recorded.Target), body));
    }

    private static RecordedRequest Make(FuzzScene scene, HttpFunction function)
    {
        string path = Regex.Replace(function.Route, @"\{\*?(\w+)(?::[^{}]*(?:\{[^{}]*\}[^{}]*)*)?\}", match => Value(scene, match.Groups[1].Value));
        string verb = function.Verbs.Count == 0 ? "GET" : function.Verbs[0];
        List<(string, string)> headers = [("Authorization", Authorization(scene, path))];
        if (verb is "GET" or "DELETE")
        {
            return new RecordedRequest(verb, "/" + path, headers, []);
        }

        headers.Add(("Content-Type", "application/json"));
        return new RecordedRequest(verb, "/" + path, headers, Encoding.UTF8.GetBytes(scene.Fill("{\"messaging_product\":\"whatsapp\",\"number\":\"+<user>\"}")));
    }

    /// <summary>The admin token, the device's credential as it last used it, or the business's token.</summary>
    private static string Authorization(FuzzScene scene, string path) =>
        path.StartsWith("relay/v1/admin", StringComparison.Ordinal) ? $"Bearer {scene.Values["admin"]}"
        : path.StartsWith("transport", StringComparison.Ordinal) ? $"Basic {scene.Values["device"]}"
        : $"Bearer {scene.Values["token"]}";

    private static string Value(FuzzScene scene, string parameter) => parameter switch
    {
        "version" => "v25.0",
        "phoneNumberId" => scene.Values["phone"],
        "wabaId" => scene.Values["waba"],
        "appId" => scene.Values["app"],
        "businessId" => scene.Values["business"],
        "tokenId" => scene.Values["token_id"],
        "messageHistoryId" => scene.Values["history"],
        "number" => scene.Values["user"],
        "subscriberId" when scene.Values.TryGetValue("subscriber", out string? id) => id,
        "mediaId" when scene.Values.TryGetValue("media", out string? id) => id,
        "templateId" when scene.Values.TryGetValue("template", out string? id) => id,
        "nodeId" => scene.Values["phone"],
        _ => scene.Values["unknown"],
    };
}
