using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Relay.Functions.Health;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Functions;

public sealed class GraphEndpointTests
{
    private const string Secret = "canary";

    /// <summary>As real clients write them (spec/cloud-api.md §5.3).</summary>
    public static TheoryData<string> Sloppy => new()
    {
        GraphDriver.TextBody,
        """{"messaging_product":"whatsapp","recipient_type":"individual","to":"16505551234","type":"text","text":{"preview_url":false,"body":"hi"}}""",
        """{"messaging_product":"whatsapp","recipient_type":null,"to":"16505551234","type":null,"text":{"preview_url":null,"body":"hi"},"context":null,"typing_indicator":null,"biz_opaque_callback_data":null,"recipient_identity_key_hash":null,"status":null,"message_id":null,"recipient":null}""",
        """{"messaging_product":"whatsapp","to":"16505551234","text":{"body":"hi","extra":{"a":[1,null]}},"image":null,"future":[{"x":1}],"Text":7}""",
        "\uFEFF \r\n" + GraphDriver.TextBody + "\n",
        """{"messaging_product":"whatsapp","to":"+1 650-555-1234","recipient":"US.1349","text":{"body":"h\u0069"}}""",
    };

    public static TheoryData<string, string> Malformed => new()
    {
        { """{"messaging_product":"whatsapp",""", "not well-formed JSON (line 1, byte 32)" },
        { "{\n  \"to\": canary\n}", "not well-formed JSON (line 2, byte 9)" },
        { "canary", "not well-formed JSON (line 1, byte 1)" },
        { "<a>canary</a>", "not well-formed JSON" },
        { GraphDriver.TextBody + "x", "not well-formed JSON" },
        { """{"to":"a",}""", "not well-formed JSON" },
        { """{"to":"a"/*c*/}""", "not well-formed JSON" },
        { "null", "must be a JSON object" },
        { "[]", "The member $ " },
        { "\"canary\"", "The member $ " },
        { """{"to":16505551234}""", "The member $.to " },
        { """{"text":"canary"}""", "The member $.text " },
        { """{"text":{"body":["canary"]}}""", "The member $.text.body " },
        { """{"text":{"preview_url":"canary"}}""", "The member $.text.preview_url " },
        { """{"to":"canary","to":"b"}""", "occurs twice" },
        { """{"text":{"body":"canary","body":"b"}}""", "occurs twice" },
        { """{"text":{"body":"canary\ud800"}}""", "The member $.text.body " },
        { """{"text":{"body":"canary\udc00\ud800"}}""", "not valid Unicode" },
    };

    [Theory]
    [MemberData(nameof(Sloppy))]
    public async Task What_real_clients_send_is_accepted(string body)
    {
        GraphDriver driver = new(body);

        await driver.SendAsync();

        Assert.Equal(200, driver.Context.Response.StatusCode);
        Assert.Equal(("16505551234", "hi"), (driver.Message.To?.Digits, driver.Text.Body));
    }

    [Fact]
    public async Task A_message_is_answered_as_meta_answers()
    {
        GraphDriver driver = new();

        Assert.Equal(
            """{"messaging_product":"whatsapp","contacts":[{"input":"+16505551234","wa_id":"16505551234"}],"messages":[{"id":"wamid.HBgL"}]}""",
            await driver.SendAsync());
        Assert.Equal("application/json; charset=UTF-8", driver.Context.Response.ContentType);
        Assert.Equal(22, driver.Context.Response.Headers[TraceId.Header].ToString().Length);
    }

    [Fact]
    public async Task A_read_receipt_is_answered_with_success()
    {
        GraphDriver driver = new("""{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A","typing_indicator":{"type":"text"}}""");

        Assert.Equal("""{"success":true}""", await driver.SendAsync());
        Assert.True(Assert.IsType<ReadReceiptRequest>(driver.Accepted).Typing);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Malformed_bodies_are_refused_with_the_place_and_none_of_the_content(string body, string details)
    {
        string said = await new GraphDriver(body).RefusedAsync(GraphErrorCode.InvalidParameter);

        Assert.Contains(details, said, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"messaging_product":"whatsapp","to":"16505551234","type":"order"}""", 131051)]
    [InlineData("""{"messaging_product":"whatsapp","to":"16505551234","text":{"body":""}}""", 131009)]
    [InlineData("""{"messaging_product":"whatsapp","to":"16505551234"}""", 131008)]
    public async Task Broken_rules_come_back_with_their_code(string body, int code) =>
        await new GraphDriver(body).RefusedAsync(GraphErrorCode.All.Single(row => row.Code == code));

    /// <summary>Found by fuzzing: names are compared when duplicates are looked for, and can't be when they are no text.</summary>
    [Theory]
    [InlineData("messaging_product=whatsapp&to=16505551234&text={\"\\ud800\":1}", "application/x-www-form-urlencoded", "")]
    [InlineData("{\"messaging_product\":\"whatsapp\",\"text\":{\"body\":\"hi\"},\"x\":{\"\\ud800\":1,\"\\udfff\":2}}", "application/json", "?to=16505551234")]
    public async Task A_name_that_is_no_text_is_the_clients_mistake(string body, string contentType, string query)
    {
        GraphDriver driver = new(body, contentType);
        driver.Context.Request.QueryString = new QueryString(query);
        await driver.RefusedAsync(GraphErrorCode.InvalidParameter);
    }

    /// <summary>As whatsapp-api-js 6.3 sends contacts.</summary>
    [Theory]
    [InlineData("""{"messaging_product":"whatsapp","to":"16505551234","text":"{\"body\":\"hi\"}"}""", true)]
    [InlineData("""{"messaging_product":"whatsapp","to":"16505551234","type":"contacts","contacts":" [{\"name\":{\"formatted_name\":\"A\",\"first_name\":\"A\"}}]"}""", true)]
    [InlineData("""{"messaging_product":"whatsapp","to":"16505551234","text":"{\"body\":"}""", false)]
    [InlineData("""{"messaging_product":"whatsapp","to":"16505551234","text":"hi"}""", false)]
    [InlineData("""{"messaging_product":"whatsapp","to":"16505551234","text":"{\"body\":\"\\ud800\"}"}""", false)]
    [InlineData("""{"messaging_product":"whatsapp","to":"16505551234","text":"[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]"}""", false)]
    [InlineData("""{"messaging_product":"whatsapp","to":"16505551234","\ud800":"x","text":"{\"body\":\"hi\"}"}""", false)]
    public async Task An_object_or_list_may_be_given_as_its_text(string body, bool accepted)
    {
        GraphDriver driver = new(body);
        if (accepted)
        {
            await driver.SendAsync();
            Assert.NotNull(driver.Accepted);
        }
        else
        {
            await driver.RefusedAsync(GraphErrorCode.InvalidParameter);
        }
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(40_000, false)]
    public async Task A_body_is_at_most_sixteen_deep(int depth, bool accepted)
    {
        string deep = new string('[', depth - 1) + new string(']', depth - 1);
        GraphDriver driver = new(GraphDriver.TextBody[..^1] + $",\"x\":{deep}}}");

        if (accepted)
        {
            await driver.SendAsync();
            Assert.NotNull(driver.Accepted);
        }
        else
        {
            Assert.Contains("16 levels", await driver.RefusedAsync(GraphErrorCode.InvalidParameter), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Invalid_utf8_is_refused(string contentType)
    {
        byte[] body = [.. "{\"x\":\""u8, 0xc3, 0x28, .. "\"}"u8];

        Assert.Contains("UTF-8", await new GraphDriver(body, contentType).RefusedAsync(GraphErrorCode.InvalidParameter), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("application/xml")]
    [InlineData("text/json")]
    [InlineData("application/octet-stream")]
    [InlineData("application/json, text/plain")]
    [InlineData("nonsense")]
    public async Task Other_content_types_are_refused_with_the_accepted_ones(string? contentType) => Assert.Contains(
        "application/json, application/x-www-form-urlencoded or multipart/form-data",
        await new GraphDriver(GraphDriver.TextBody, contentType).RefusedAsync(GraphErrorCode.InvalidParameter),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("APPLICATION/JSON; charset=utf8")]
    [InlineData("application/vnd.api+json")]
    public async Task Json_has_several_names(string contentType)
    {
        GraphDriver driver = new(GraphDriver.TextBody, contentType);

        await driver.SendAsync();

        Assert.NotNull(driver.Accepted);
    }

    [Theory]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded; charset=windows-1252")]
    public async Task Other_charsets_are_refused(string contentType) => Assert.Contains(
        "charset", await new GraphDriver(GraphDriver.TextBody, contentType).RefusedAsync(GraphErrorCode.InvalidParameter), StringComparison.Ordinal);

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        GraphDriver driver = new();
        driver.Context.Request.Headers.ContentEncoding = "gzip";

        Assert.Contains("Content-Encoding", await driver.RefusedAsync(GraphErrorCode.InvalidParameter), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task A_missing_body_is_refused(string? contentType) =>
        Assert.Contains("no parameters", await new GraphDriver("", contentType).RefusedAsync(GraphErrorCode.InvalidParameter), StringComparison.Ordinal);

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, (100 * 1024) + 1)]
    public async Task A_large_body_is_refused_without_being_buffered(bool saysItsLength, int mostRead)
    {
        CountingStream body = new(new byte[1024 * 1024]);
        GraphDriver driver = new();
        driver.Context.Request.Body = body;
        driver.Context.Request.ContentLength = saysItsLength ? 1024 * 1024 : null;

        Assert.Contains("102400 bytes", await driver.RefusedAsync(GraphErrorCode.InvalidParameter), StringComparison.Ordinal);
        Assert.InRange(body.Count, 0, mostRead);
    }

    [Fact]
    public async Task A_body_of_exactly_the_bound_is_read_whether_or_not_it_says_its_length()
    {
        foreach (bool saysItsLength in new[] { true, false })
        {
            GraphDriver driver = new(GraphDriver.TextBody.PadRight(100 * 1024));
            driver.Context.Request.ContentLength = saysItsLength ? 100 * 1024 : null;
            await driver.SendAsync();
            Assert.NotNull(driver.Accepted);
        }
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_the_clients_mistake()
    {
        GraphDriver driver = new();
        driver.Context.Request.Body = new CountingStream([]) { Fault = new BadHttpRequestException(Secret) };

        Assert.Contains("ended early", await driver.RefusedAsync(GraphErrorCode.InvalidParameter), StringComparison.Ordinal);
        Assert.StartsWith("Information: Request ", Assert.Single(driver.Logged), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_is_given_up_after_ten_seconds()
    {
        FakeTimeProvider time = new();
        GraphDriver driver = new() { Time = time };
        driver.Context.Request.Body = new CountingStream([]) { OnRead = () => time.Advance(TimeSpan.FromSeconds(11)) };

        Assert.Contains("10 seconds", await driver.RefusedAsync(GraphErrorCode.InvalidParameter), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("Bearer", "")]
    [InlineData("Bearer ", "")]
    [InlineData("Bearer wrong", "")]
    [InlineData("Basic " + GraphDriver.Token, "")]
    [InlineData("Bearer " + GraphDriver.Token + " x", "")]
    [InlineData("Bearer wrong", "?access_token=" + GraphDriver.Token)]
    [InlineData(null, "?access_token=wrong")]
    [InlineData(null, "?access_token=")]
    [InlineData(null, "?access_token=" + GraphDriver.Token + "&access_token=" + GraphDriver.Token)]
    [InlineData(null, "?token=" + GraphDriver.Token)]
    public async Task Without_a_valid_token_the_body_is_not_read(string? header, string query)
    {
        CountingStream body = new(Encoding.UTF8.GetBytes(GraphDriver.TextBody));
        GraphDriver driver = new() { PhoneNumberId = new string('1', 21) };
        driver.Context.Request.Headers.Authorization = header;
        driver.Context.Request.QueryString = new QueryString(query);
        driver.Context.Request.Body = body;

        await driver.RefusedAsync(GraphErrorCode.InvalidToken);

        Assert.Equal(0, body.Count);
        Assert.Equal("Bearer error=\"invalid_token\"", driver.Context.Response.Headers.WWWAuthenticate);
    }

    [Theory]
    [InlineData("bearer " + GraphDriver.Token, "")]
    [InlineData("BEARER   " + GraphDriver.Token, "")]
    [InlineData(null, "?access_token=" + GraphDriver.Token)]
    [InlineData("Basic abc", "?access_token=" + GraphDriver.Token)]
    public async Task A_token_is_taken_from_the_header_or_the_query(string? header, string query)
    {
        GraphDriver driver = new();
        driver.Context.Request.Headers.Authorization = header;
        driver.Context.Request.QueryString = new QueryString(query);

        await driver.SendAsync();

        Assert.NotNull(driver.Accepted);
    }

    [Theory]
    [InlineData("123456789012345678901")]
    [InlineData("abc")]
    [InlineData("")]
    public async Task A_malformed_number_id_answers_as_an_unknown_one(string id) =>
        await new GraphDriver { PhoneNumberId = id }.RefusedAsync(GraphErrorCode.UnknownObject);

    [Fact]
    public async Task A_refusal_says_when_to_come_back()
    {
        GraphDriver driver = new() { Refusal = GraphErrorCode.PairRateLimit.Because("Slow down.") with { RetryAfter = TimeSpan.FromSeconds(5.2) } };

        await driver.RefusedAsync(GraphErrorCode.PairRateLimit);

        Assert.Equal("6", driver.Context.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Every_row_of_the_table_leaves_as_the_table_says()
    {
        foreach (GraphErrorCode row in GraphErrorCode.All)
        {
            await new GraphDriver { Refusal = row.Because("x") }.RefusedAsync(row);
        }
    }

    public static TheoryData<Exception, int, string> Faults => new()
    {
        { new HttpRequestException(Secret), 2, "Warning: Request {0} met a dependency that did not answer: HttpRequestException." },
        { new TimeoutException(Secret), 2, "Warning: Request {0} met a dependency that did not answer: TimeoutException." },
        { new IOException(Secret), 2, "Warning: Request {0} met a dependency that did not answer: IOException." },
        { new TaskCanceledException(Secret, new TimeoutException(Secret)), 2, "Warning: Request {0} met a dependency that did not answer: TaskCanceledException < TimeoutException." },
        { new StorageFaultException("table get", "lookup", 503, null), 2, "Warning: Request {0} met a dependency that did not answer: StorageFaultException." },
        { new InvalidOperationException(Secret), 1, "Error: Request {0} failed: InvalidOperationException." },
        { new NullReferenceException(Secret), 1, "Error: Request {0} failed: NullReferenceException." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_logged_by_type_and_told_as_no_more_than_that(Exception fault, int code, string logged)
    {
        GraphDriver driver = new() { Fault = fault };

        string said = await driver.RefusedAsync(GraphErrorCode.All.Single(row => row.Code == code));

        string line = Assert.Single(driver.Logged);
        Assert.Equal(string.Format(null, logged, driver.Context.Response.Headers[TraceId.Header].ToString()), line);
        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_went_away_is_no_fault()
    {
        using CancellationTokenSource gone = new();
        await gone.CancelAsync();
        GraphDriver driver = new();

        Assert.Equal("", await driver.SendAsync(gone.Token));

        Assert.Equal(499, driver.Context.Response.StatusCode);
        Assert.Empty(driver.Logged);
    }

    [Fact]
    public async Task An_unknown_path_is_answered_in_the_graphs_words()
    {
        GraphDriver driver = new();
        await (await new NotFoundFunctions(new GraphResults(driver)).AnswerAsync(driver.Context.Request, CancellationToken.None)).ExecuteAsync(driver.Context);

        Assert.Equal(400, driver.Context.Response.StatusCode);
        Assert.Contains("\"code\":2500", Encoding.UTF8.GetString(((MemoryStream)driver.Context.Response.Body).ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_ok()
    {
        GraphDriver driver = new();
        await (await new HealthFunctions().GetAsync(driver.Context.Request, CancellationToken.None)).ExecuteAsync(driver.Context);

        Assert.Equal("""{"status":"ok"}""", Encoding.UTF8.GetString(((MemoryStream)driver.Context.Response.Body).ToArray()));
    }
}
