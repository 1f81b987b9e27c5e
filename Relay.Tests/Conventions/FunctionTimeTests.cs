using System.Globalization;
using System.Text.Json;
using Relay.Functions.Http;
using Relay.Shared.Media;
using Relay.Shared.Messaging;
using Relay.Shared.Transport.Client;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>
/// The host ends a function after host.json's functionTimeout, and with it the process and all that it was doing for others. So whoever sends slowly is given up before.
/// </summary>
public sealed class FunctionTimeTests
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_body_ends_before_the_host_ends_its_function() => Assert.True(StreamedBody.MaxTime + Slack < FunctionTimeout());

    [Fact]
    public void A_file_that_is_read_ends_before_the_host_ends_its_function() => Assert.True(StreamedAnswer.MaxTime + Slack < FunctionTimeout());

    /// <summary>The last file may begin just before the budget is used up.</summary>
    [Fact]
    public void The_files_of_a_batch_end_before_the_host_ends_its_function()
    {
        Assert.True(AttachFile.Budget + TransportClient.AttachmentTime + Slack < FunctionTimeout());
        Assert.True(ReceiveBatch.Budget + TransportClient.AttachmentTime + Slack < FunctionTimeout());
        Assert.True(FetchLink.HeadBudget + FetchLink.Budget < TransportClient.AttachmentTime);
    }

    private static TimeSpan FunctionTimeout()
    {
        using JsonDocument host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "host.json")));
        return TimeSpan.Parse(host.RootElement.GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture);
    }
}
