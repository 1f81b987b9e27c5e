using Relay.Shared.Graph.Fields;
using Xunit;

namespace Relay.Tests.Graph;

public sealed class FieldSelectionTests
{
    private static readonly FieldShape Shape = new FieldShape(["id"], "name", "events")
        .Taking("name", "size", "of")
        .With("events", new FieldShape(["id", "state"], "at", "app").With("app", new FieldShape(["id"])));

    [Theory]
    [InlineData("", "id")]
    [InlineData(" ", "id")]
    [InlineData("name", "name")]
    [InlineData("id,name", "id,name")]
    [InlineData(" id , name ", "id,name")]
    [InlineData("name,name", "name")]
    [InlineData("events", "events{id,state}")]
    [InlineData("events{at},id", "events{at},id")]
    [InlineData("events { at , app { id } } , id", "events{at,app{id}},id")]
    [InlineData("events{app}", "events{app{id}}")]
    public void A_list_chooses_fields_and_what_lies_in_them(string text, string chosen)
    {
        Assert.True(FieldSelection.Parse(text, Shape).TryGet(out FieldSelection? selection, out _));
        Assert.Equal(chosen, Show(selection, ["events", "name", "id", "state", "at", "app"], chosen));
    }

    [Theory]
    [InlineData(",")]
    [InlineData("id,")]
    [InlineData("id name")]
    [InlineData("id}")]
    [InlineData("events{")]
    [InlineData("events{id")]
    [InlineData("events{}")]
    [InlineData("events{id}}")]
    [InlineData("events{id}id")]
    [InlineData("id{id}")]
    [InlineData("secret")]
    [InlineData("ID")]
    [InlineData("events{name}")]
    [InlineData("events.limit(1){id}")]
    [InlineData("name.other(1)")]
    [InlineData("name.size")]
    [InlineData("name.size(")]
    [InlineData("name.size(1))")]
    [InlineData("name.size(1).size(2)")]
    public void Anything_else_is_an_error(string text)
    {
        Assert.False(FieldSelection.Parse(text, Shape).TryGet(out _, out var error));
        Assert.Equal(100, error!.Code.Code);
    }

    [Theory]
    [InlineData("name.size(5)", "5", null)]
    [InlineData("id, name . of ( [\"a(b)\"] ) . size (7) ,events", "7", "[\"a(b)\"]")]
    [InlineData("name.size()", "", null)]
    [InlineData("name", null, null)]
    public void A_field_can_be_given_what_it_takes(string text, string? size, string? of)
    {
        Assert.True(FieldSelection.Parse(text, Shape).TryGet(out FieldSelection? selection, out _));
        Assert.Equal((size, of), (selection.Argument("name", "size"), selection.Argument("name", "of")));
    }

    [Fact]
    public void A_long_text_is_refused_and_an_unknown_name_is_clipped()
    {
        Assert.False(FieldSelection.Parse(new string('x', 1_001), Shape).TryGet(out _, out _));
        Assert.False(FieldSelection.Parse(new string('x', 1_000), Shape).TryGet(out _, out var error));
        Assert.True(error!.Details.Length < 200);
    }

    /// <summary>The selection in the order in which the names stand in the expected text.</summary>
    private static string Show(FieldSelection selection, string[] names, string order) => string.Join(',', names
        .Where(selection.Has)
        .OrderBy(name => order.IndexOf(name, StringComparison.Ordinal))
        .Select(name => selection.Of(name) is { } inner ? $"{name}{{{Show(inner, names, order)}}}" : name));
}
