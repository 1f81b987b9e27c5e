using System.Text;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Xunit;

namespace Relay.Tests.Graph;

public sealed class GraphErrorCodeTests
{
    [Fact]
    public void Codes_are_unique_together_with_their_subcode() =>
        Assert.Equal(GraphErrorCode.All.Count, GraphErrorCode.All.Select(row => (row.Code, row.Subcode)).Distinct().Count());

    [Fact]
    public void The_table_holds_every_row_that_the_class_names() => Assert.Equal(
        typeof(GraphErrorCode).GetFields().Where(field => field.FieldType == typeof(GraphErrorCode)).Select(field => field.GetValue(null)),
        GraphErrorCode.All);

    [Fact]
    public void Rate_limits_are_429_and_nothing_else_is() =>
        Assert.Equal([4, 80007, 130429, 131056], GraphErrorCode.All.Where(row => row.HttpStatus == 429).Select(row => row.Code).Order());

    [Fact]
    public void Every_row_is_an_error_with_a_title_in_ascii() => Assert.All(GraphErrorCode.All, row =>
    {
        Assert.InRange(row.HttpStatus, 400, 503);
        Assert.True(row.Title.Length > 0 && row.Title.All(char.IsAscii));
        Assert.Equal($"(#{row.Code}) {row.Title}", row.Message);
    });

    [Fact]
    public void Nobody_else_can_make_a_row() => Assert.Empty(typeof(GraphErrorCode).GetConstructors());

    [Fact]
    public void An_error_looks_as_the_graphs() => Assert.Equal(
        """{"error":{"message":"(#131009) Parameter value is not valid","type":"OAuthException","code":131009,"error_data":{"messaging_product":"whatsapp","details":"caf\u00e9"},"fbtrace_id":"A8z"}}""",
        Write(GraphErrorCode.ParameterInvalid.Because("café")));

    [Fact]
    public void A_passing_error_says_so() => Assert.Equal(
        """{"error":{"message":"(#130429) Rate limit hit","type":"OAuthException","code":130429,"is_transient":true,"error_data":{"messaging_product":"whatsapp","details":"x"},"fbtrace_id":"A8z"}}""",
        Write(GraphErrorCode.NumberRateLimit.Because("x")));

    [Fact]
    public void An_unknown_object_has_its_subcode() => Assert.Equal(
        """{"error":{"message":"(#100) Unsupported request. The object does not exist, cannot be loaded due to missing permissions, or does not support this operation","type":"GraphMethodException","code":100,"error_subcode":33,"error_data":{"messaging_product":"whatsapp","details":"x"},"fbtrace_id":"A8z"}}""",
        Write(GraphErrorCode.UnknownObject.Because("x")));

    [Fact]
    public void In_a_webhook_the_message_equals_the_title()
    {
        WebhookError error = WebhookError.From(GraphErrorCode.Undeliverable.Because("The number has no device."));

        Assert.Equal((131026, "Message undeliverable", "Message undeliverable"), (error.Code, error.Title, error.Message));
    }

    private static string Write(GraphError error) =>
        Encoding.UTF8.GetString(GraphErrorOutput.Write(error, "A8z"));
}
