using System.Net;
using System.Text;
using Relay.LocalHost;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.RoleCalls;

/// <summary>A call between roles is believed once, while it is fresh, for exactly what was signed.</summary>
public sealed class RoleCallTests
{
    private static readonly RoleCall Call = new("transport", "POST", "/transport/v1/business-numbers?a=1");
    private static readonly byte[] Body = "{}"u8.ToArray();

    private readonly SteppingTime _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_call_is_believed_once_and_tells_when_it_was_signed()
    {
        RoleCallGuard guard = Guard("key");
        string header = Signer("key").Sign(Call, Body);

        Assert.True(guard.MayBeGenuine(header));
        Assert.NotNull(guard.Believe(header, Call, Body));
        Assert.Null(guard.Believe(header, Call, Body));
        Assert.NotNull(Guard("key").Believe(header, Call, Body));
    }

    [Fact]
    public void A_call_is_believed_for_what_was_signed_and_for_nothing_else()
    {
        string header = Signer("key").Sign(Call, Body);
        Assert.Null(Guard("other").Believe(header, Call, Body));
        Assert.Null(Guard("key").Believe(header, Call with { Audience = "manager" }, Body));
        Assert.Null(Guard("key").Believe(header, Call with { Method = "PUT" }, Body));
        Assert.Null(Guard("key").Believe(header, Call with { PathAndQuery = "/transport/v1/business-numbers?a=2" }, Body));
        Assert.Null(Guard("key").Believe(header, Call, "{ }"u8));
        Assert.NotNull(Guard("key").Believe(header, Call, Body));
    }

    [Fact]
    public void A_change_of_any_part_of_the_header_is_noticed()
    {
        string header = Signer("key").Sign(Call, Body);
        for (int i = 0; i < header.Length; i++)
        {
            char[] changed = header.ToCharArray();
            changed[i] = changed[i] == '0' ? '1' : '0';
            Assert.Null(Guard("key").Believe(new string(changed), Call, Body));
        }

        Assert.Null(Guard("key").Believe(null, Call, Body));
        Assert.Null(Guard("key").Believe(header + ";", Call, Body));
        Assert.NotNull(Guard("key").Believe(header, Call, Body));
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-299, true)]
    [InlineData(299, true)]
    [InlineData(301, false)]
    public void A_call_is_fresh_for_five_minutes_either_way(int seconds, bool isBelieved)
    {
        DateTimeOffset now = _time.GetUtcNow();
        string header = new RoleSigner(new RoleKeys(new Secret("key")), new SteppingTime(now.AddSeconds(seconds))).Sign(Call, Body);
        Assert.Equal(isBelieved, Guard("key").MayBeGenuine(header));
        Assert.Equal(isBelieved, Guard("key").Believe(header, Call, Body) is not null);
    }

    [Fact]
    public void While_the_key_changes_both_are_believed_and_the_first_signs()
    {
        RoleCallGuard both = Guard("new, old");
        Assert.NotNull(both.Believe(Signer("old").Sign(Call, Body), Call, Body));
        Assert.NotNull(both.Believe(Signer("new,old").Sign(Call, Body), Call, Body));
        Assert.Null(Guard("old").Believe(Signer("new,old").Sign(Call, Body), Call, Body));
        Assert.Throws<ArgumentException>(() => new RoleKeys(new Secret("a,b,c")));
        Assert.Throws<ArgumentException>(() => new RoleKeys(new Secret("a,")));
    }

    [Fact]
    public void No_two_calls_of_a_signer_have_the_same_time()
    {
        RoleSigner signer = Signer("key");
        RoleCallGuard guard = Guard("key");
        DateTimeOffset?[] times = [.. Enumerable.Range(0, 20).Select(_ => guard.Believe(signer.Sign(Call, Body), Call, Body))];
        Assert.Equal(times.Length, times.OfType<DateTimeOffset>().Distinct().Count());
    }

    /// <summary>Whoever overheard a registration gets no credential by sending it again, at no instance; and it undoes nothing that came after it.</summary>
    [Fact]
    public async Task A_registration_that_was_overheard_is_worth_nothing()
    {
        await using TransportHarness first = await TransportHarness.StartAsync();
        await using TransportHarness second = new(first);
        await using LocalFunctionHost one = await StartAsync(first);
        await using LocalFunctionHost two = await StartAsync(second);
        Overhearing overhearing = new();
        using HttpClient http = new(overhearing);
        using SecretBytes secret = SecretBytes.CopyOf(TransportHarness.PushSecret);
        PhoneNumber number = TransportHarness.Number("+4915598765432");
        PhoneNumber other = TransportHarness.Number("+4915598765433");
        DeviceKeys keys = TestKeys.Create();
        RoleSigner signer = new(new RoleKeys(new Secret(TransportHarness.RegistrationKey)), first.Time);
        Task<TransportResult<DeviceCredential>> RegisterAsync(Uri at) =>
            new TransportClient(http, at).RegisterBusinessNumberAsync(signer, number, keys, TransportHarness.PushUrl, secret, "100", default);

        Assert.True((await RegisterAsync(one.BaseAddress)).IsSuccess);
        HttpStatusCode[] again = [await overhearing.RepeatAsync(0, one.BaseAddress), await overhearing.RepeatAsync(0, two.BaseAddress)];
        Assert.All(again, status => Assert.Equal(HttpStatusCode.Unauthorized, status));

        DeviceCredential latest = (await RegisterAsync(two.BaseAddress)).Value!;
        Assert.Equal(HttpStatusCode.Unauthorized, await overhearing.RepeatAsync(0, two.BaseAddress));
        Assert.Equal(HttpStatusCode.Unauthorized, await overhearing.RepeatAsync(1, one.BaseAddress));
        Assert.NotNull(await first.AuthenticateAsync(number.E164, latest.Secret.Reveal()));

        // A device that proves the number by a code takes it; what was signed before gives it back to nobody.
        await first.RegisterAsync(number.E164);
        Assert.Equal(HttpStatusCode.Unauthorized, await overhearing.RepeatAsync(0, two.BaseAddress));

        // Nor when the number was given up, to whoever has it then or to nobody.
        DeviceCredential given = (await new TransportClient(http, one.BaseAddress).RegisterBusinessNumberAsync(signer, other, TestKeys.Create(), TransportHarness.PushUrl, secret, "100", default)).Value!;
        Assert.True((await new TransportClient(http, one.BaseAddress).ReleaseNumberAsync(given, default)).IsSuccess);
        Assert.Equal(HttpStatusCode.Unauthorized, await overhearing.RepeatAsync(^1, two.BaseAddress));
        await first.RegisterAsync(other.E164);
        Assert.Equal(HttpStatusCode.Unauthorized, await overhearing.RepeatAsync(^1, two.BaseAddress));
        Assert.All(overhearing.Requests, request => Assert.DoesNotContain(TransportHarness.RegistrationKey, request.Text, StringComparison.Ordinal));
    }

    private static Task<LocalFunctionHost> StartAsync(TransportHarness transport) => LocalFunctionHost.StartAsync(
        new LocalFunctionHostOptions
        {
            FunctionClasses = type => type.Namespace == "Relay.Functions.Devices",
            ConfigureServices = transport.Configure,
            Time = transport.Time,
            RunPumps = false,
        },
        default);

    private RoleCallGuard Guard(string key) => new(new RoleKeys(new Secret(key)), _time);

    private RoleSigner Signer(string key) => new(new RoleKeys(new Secret(key)), _time);

    /// <summary>Keeps what passes, and sends it again as it was.</summary>
    private sealed class Overhearing() : DelegatingHandler(new SocketsHttpHandler())
    {
        public List<(string Signature, byte[] Body, string Text)> Requests { get; } = [];

        public async Task<HttpStatusCode> RepeatAsync(Index index, Uri at)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(at, "transport/v1/business-numbers")) { Content = new ByteArrayContent(Requests[index].Body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.Add(RoleSignature.Header, Requests[index].Signature);
            using HttpResponseMessage response = await base.SendAsync(request, default);
            return response.StatusCode;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            byte[] body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            if (request.Headers.TryGetValues(RoleSignature.Header, out IEnumerable<string>? signatures))
            {
                Requests.Add((signatures.Single(), body, request + Encoding.UTF8.GetString(body)));
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
