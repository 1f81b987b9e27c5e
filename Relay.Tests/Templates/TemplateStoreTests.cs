using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Templates;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Templates;

/// <summary>Templates in storage: sealed, counted, remembered for a short time, gone with their business.</summary>
public sealed class TemplateStoreTests
{
    private const string Marker = "xylophone";
    private const string Template = $$$"""{"name":"{{{Marker}}}_hi","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"Hi {{1}}, your {{{Marker}}}.","example":{"body_text":[["{{{Marker}}}"]]}}]}""";

    [Fact]
    public async Task Sending_reads_no_table_while_the_template_is_remembered()
    {
        FaultPlan plan = new(_ => null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        string id = await CreateAsync(world.Business, Template);
        Assert.Equal("Hi Ada, your xylophone.", await RenderAsync(world));
        int calls = plan.Calls.Count;
        Assert.Equal("Hi Ada, your xylophone.", await RenderAsync(world));
        Assert.Equal(calls, plan.Calls.Count);

        Assert.Equal(HttpStatusCode.OK, (await world.Business.PostAsync("""{"components":[{"type":"BODY","text":"Bye {{1}}.","example":{"body_text":[["a"]]}}]}""", path: id)).Status);
        Assert.Equal("Bye Ada.", await RenderAsync(world));

        await world.Relay.Tables.CommitAsync(TableNames.Templates, world.Business.Id, [TableWrite.Delete(id, null)], CancellationToken.None);
        Assert.Equal("Bye Ada.", await RenderAsync(world));
        world.Time.Advance(AccountDirectory.CacheLife);
        Assert.Equal("132001 404", await RenderAsync(world));
    }

    [Fact]
    public async Task A_template_of_another_language_is_told_of()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, new FaultPlan(_ => null));
        await CreateAsync(world.Business, Template.Replace("\"en\"", "\"de\"", StringComparison.Ordinal));
        Result<RenderedTemplate, GraphError> result = await AskAsync(world, $$$"""{"name":"{{{Marker}}}_hi","language":{"code":"en"}}""");
        Assert.Equal("template.language.code: the template isn't there in that language. It is in: de.", result.Error?.Details);
        Assert.Equal(131008, (await AskAsync(world, """{"language":{"code":"en"}}""")).Error?.Code.Code);
        Assert.Equal(131008, (await AskAsync(world, """{"name":"a"}""")).Error?.Code.Code);
        Assert.Equal(131009, (await AskAsync(world, """{"name":"a","language":{"code":"en","policy":"fallback"}}""")).Error?.Code.Code);
        Assert.Equal(132001, (await AskAsync(world, """{"name":"a","language":{"code":"en","policy":"deterministic"}}""")).Error?.Code.Code);
    }

    [Fact]
    public async Task Nothing_of_a_template_lies_in_clear()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, new FaultPlan(_ => null));
        await CreateAsync(world.Business, Template);
        Assert.Equal(2, world.Relay.Rows(TableNames.Templates).Count());
        string hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Marker));
        Assert.DoesNotContain(world.Relay.Dump(), line => line.Contains(Marker, StringComparison.Ordinal) || line.Contains(hex, StringComparison.Ordinal));
        Assert.DoesNotContain(world.Running.Log.Lines, line => line.Text.Contains(Marker, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_at_once_are_all_there_and_counted()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, new FaultPlan(_ => null));
        (HttpStatusCode Status, JsonElement Answer)[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => world.Business.PostAsync(
            Template.Replace("_hi", $"_{i % 5}", StringComparison.Ordinal), path: $"{world.Business.WabaId}/message_templates")));
        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(2388024, Assert.Single(answers, answer => answer.Status != HttpStatusCode.OK).Answer.GetProperty("error").GetProperty("error_subcode").GetInt32());
        Assert.Equal(5, Counted(world));
        await world.Business.DeleteAsync($"{world.Business.WabaId}/message_templates?name={Marker}_1");
        Assert.Equal(4, Counted(world));
    }

    [Fact]
    public async Task An_account_can_have_only_so_many()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, new FaultPlan(_ => null));
        await world.Relay.Tables.CommitAsync(
            TableNames.Templates, world.Business.Id, [TableWrite.Upsert("count", Columns.Of("templates", TemplateLimits.Templates - 1))], CancellationToken.None);
        await CreateAsync(world.Business, Template);
        (_, JsonElement answer) = await world.Business.PostAsync(
            Template.Replace("_hi", "_b", StringComparison.Ordinal), path: $"{world.Business.WabaId}/message_templates");
        Assert.Equal(2388019, answer.GetProperty("error").GetProperty("error_subcode").GetInt32());
    }

    [Fact]
    public async Task A_name_in_more_languages_than_a_transaction_holds_goes_whole()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, new FaultPlan(_ => null));
        for (int i = 0; i < 130; i++)
        {
            await CreateAsync(world.Business, Template.Replace("\"en\"", $"\"{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}\"", StringComparison.Ordinal));
        }

        Assert.Equal(130, Counted(world));
        Assert.Equal(HttpStatusCode.OK, (await world.Business.DeleteAsync($"{world.Business.WabaId}/message_templates?name={Marker}_hi")).Status);
        Assert.Equal(0, Counted(world));
        Assert.Single(world.Relay.Rows(TableNames.Templates));
    }

    private static int Counted(PairWorld world) => world.Relay.Rows(TableNames.Templates).Single(row => row.RowKey == "count").Get<int>("templates");

    private static async Task<string> CreateAsync(TestBusiness business, string template)
    {
        (HttpStatusCode status, JsonElement answer) = await business.PostAsync(template, path: $"{business.WabaId}/message_templates");
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return TestRelay.Text(answer, "id");
    }

    private static async Task<string> RenderAsync(PairWorld world) =>
        (await AskAsync(world, $$"""{"name":"{{Marker}}_hi","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"text","text":"Ada"}]}]}"""))
            .TryGet(out RenderedTemplate? rendered, out GraphError? error)
                ? rendered.Message.GetProperty("template").GetProperty("body").GetProperty("text").GetString()!
                : $"{error.Code} {error.Code.HttpStatus}";

    private static async Task<Result<RenderedTemplate, GraphError>> AskAsync(PairWorld world, string message)
    {
        BusinessNumber number = (await world.Running.Local.Services.GetRequiredService<AccountDirectory>().FindNumberAsync(
            BusinessId.Parse(world.Business.Id), PhoneNumberId.Parse(world.Business.PhoneNumberId), CancellationToken.None))!;
        return await world.Running.Local.Services.GetRequiredService<RenderTemplate>().ExecuteAsync(
            number, JsonSerializer.Deserialize<TemplateMessage>(message)!, CancellationToken.None);
    }
}
