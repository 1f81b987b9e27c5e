using Azure.Data.Tables;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Storage;

/// <summary>The emulator serves both accounts with the SDK versions in use, and keeps what was written when it stops.</summary>
public sealed class AzuriteSmokeTests
{
    public static TheoryData<string> Accounts => ["relay", "transport"];

    [Theory]
    [MemberData(nameof(Accounts))]
    public async Task A_row_comes_back_as_written(string account)
    {
        TableClient table = new(ConnectionString(await AzuriteServer.SharedAsync(), account), $"smoke{Guid.NewGuid():N}");
        await table.CreateAsync();

        await table.AddEntityAsync(new TableEntity("partition", "row") { ["Value"] = account });

        Assert.Equal(account, (await table.GetEntityAsync<TableEntity>("partition", "row")).Value.GetString("Value"));
    }

    [Theory]
    [MemberData(nameof(Accounts))]
    public async Task A_60_KiB_message_comes_back_as_written(string account)
    {
        QueueClient queue = new(ConnectionString(await AzuriteServer.SharedAsync(), account), $"smoke-{Guid.NewGuid():N}");
        await queue.CreateAsync();
        string body = new('x', 60 * 1024);

        await queue.SendMessageAsync(body);

        QueueMessage message = (await queue.ReceiveMessageAsync()).Value;
        Assert.Equal(body, message.MessageText);
    }

    [Fact]
    public async Task The_accounts_share_nothing()
    {
        AzuriteServer azurite = await AzuriteServer.SharedAsync();
        string name = $"smoke{Guid.NewGuid():N}";

        await new TableServiceClient(azurite.RelayStorage).CreateTableAsync(name);

        Assert.Empty(new TableServiceClient(azurite.TransportStorage).Query(table => table.Name == name));
    }

    [Fact]
    public async Task A_reopened_folder_keeps_accounts_rows_and_messages()
    {
        string location = Directory.CreateTempSubdirectory("relay azurite ").FullName;
        try
        {
            await using (AzuriteServer first = await AzuriteServer.StartAsync(location, CancellationToken.None))
            {
                TableClient table = new(first.RelayStorage, "kept");
                await table.CreateAsync();
                await table.AddEntityAsync(new TableEntity("partition", "row") { ["Value"] = "kept" });
                QueueClient queue = new(first.TransportStorage, "kept");
                await queue.CreateAsync();
                await queue.SendMessageAsync("kept");
            }

            await using AzuriteServer second = await AzuriteServer.StartAsync(location, CancellationToken.None);

            Assert.Equal("kept", (await new TableClient(second.RelayStorage, "kept").GetEntityAsync<TableEntity>("partition", "row")).Value.GetString("Value"));
            Assert.Equal("kept", (await new QueueClient(second.TransportStorage, "kept").ReceiveMessageAsync()).Value.MessageText);
        }
        finally
        {
            Directory.Delete(location, recursive: true);
        }
    }

    private static string ConnectionString(AzuriteServer azurite, string account) =>
        account == "relay" ? azurite.RelayStorage : azurite.TransportStorage;
}
