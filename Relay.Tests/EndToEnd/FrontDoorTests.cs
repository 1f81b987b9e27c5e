using System.Net;
using System.Text.Json;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>Garbage in the calls that set and show what Signal does is refused with an error object, changes nothing and is never a fault.</summary>
public sealed class FrontDoorTests(BadRequestWorld shared) : IClassFixture<BadRequestWorld>
{
    private const string Send = """{"messaging_product":"whatsapp","to":"+16505551234","text":{"body":"hi"},"recipient_identity_key_hash":"$"}""";
    private const string Hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData("""{"user_identity_change":{"enable_identity_key_check":"perhaps"}}""")]
    [InlineData("""{"user_identity_change":{"enable_identity_key_check":null}}""")]
    [InlineData("""{"user_identity_change":{"enable_identity_key_check":1}}""")]
    [InlineData("""{"user_identity_change":[]}""")]
    [InlineData("""{"user_identity_change":true}""")]
    [InlineData("""{"user_identity_change":null}""")]
    [InlineData("""{"user_identity_change":{"enable_identity_key_check":true},"user_identity_change":{"enable_identity_key_check":false}}""")]
    [InlineData("""{"user_identity_change":{"enable_identity_key_check":true},"calling":{}}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    public Task Settings(string body) => IsRefusedAsync($"v25.0/{shared.World.Business.PhoneNumberId}/settings", body);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"user":null}""")]
    [InlineData("""{"user":4915112345678}""")]
    [InlineData("""{"user":["+4915112345678"]}""")]
    [InlineData("""{"user":""}""")]
    [InlineData("""{"user":"+49151123456789012345"}""")]
    [InlineData("""{"user":"+4915112345678\u0000"}""")]
    [InlineData("""{"user":"\ud800"}""")]
    [InlineData("""{"user":"+4915112345678","user":"+4915112345679"}""")]
    [InlineData("""{"user":"+4915112345678"}""")]
    [InlineData("null")]
    [InlineData("\"+4915112345678\"")]
    [InlineData("")]
    public Task Safety_number(string body) => IsRefusedAsync($"relay/v1/phone_numbers/{shared.World.Business.PhoneNumberId}/safety_number", body);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData(Hash)]
    [InlineData(Hash + "B")]
    [InlineData(Hash + "=\\n")]
    [InlineData(" " + Hash + "=")]
    [InlineData("//////////////////////////////////////////9=")]
    [InlineData("-_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAA\\u0000AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public Task Identity_hash(string hash) => IsRefusedAsync(
        $"v25.0/{shared.World.Business.PhoneNumberId}/messages", Send.Replace("$", hash, StringComparison.Ordinal));

    [Theory]
    [InlineData("""{"protocols":"x3dh"}""")]
    [InlineData("""{"protocols":null}""")]
    [InlineData("""{"protocols":[1]}""")]
    [InlineData("""{"protocols":[["x3dh"]]}""")]
    [InlineData("""{"protocols":["X3DH"]}""")]
    [InlineData("""{"protocols":["x3dh "]}""")]
    [InlineData("""{"protocols":{"x3dh":true}}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    public async Task Signal_policy(string body)
    {
        IReadOnlyList<string> before = shared.World.DumpBesidesAudit();
        (HttpStatusCode status, JsonElement answer) = await shared.World.Running.TryAdminAsync(
            HttpMethod.Put, $"businesses/{shared.World.Business.Id}/signal_policy", JsonDocument.Parse(body).RootElement);
        Check(before, status, answer);
    }

    private async Task IsRefusedAsync(string path, string body)
    {
        IReadOnlyList<string> before = shared.World.DumpBesidesAudit();
        (HttpStatusCode status, JsonElement answer) = await shared.World.Business.PostAsync(body, path: path);
        Check(before, status, answer);
    }

    private void Check(IReadOnlyList<string> before, HttpStatusCode status, JsonElement answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(answer.GetProperty("error").GetProperty("code").GetInt32(), new[] { 100, 131008, 131009 });
        Assert.DoesNotContain("4915112345678", answer.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, shared.World.DumpBesidesAudit());
        Assert.Empty(shared.World.Running.Faults);
        Assert.DoesNotContain(shared.World.Running.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }
}
