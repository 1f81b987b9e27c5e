using System.Text.Json.Nodes;
using Relay.Shared.Graph;

namespace Relay.Shared.PhoneNumbers.Blocking;

/// <summary>What became of each user; where some failed there is an error beside it.</summary>
public sealed class BlockReply(JsonObject result, GraphError? error)
{
    internal const string Added = "added_users";
    internal const string Removed = "removed_users";

    public JsonObject Result { get; } = result;

    public GraphError? Error { get; } = error;

    internal static BlockReply Of(IReadOnlyList<AskedUser> users, string member)
    {
        JsonArray done = [.. users.Where(user => user.Failure is null).Select(user => new JsonObject { ["input"] = user.Input, ["wa_id"] = user.Known.Digits })];
        JsonArray failed = [.. users.Where(user => user.Failure is not null).Select(Failed)];
        JsonObject lists = new() { [member] = done };
        if (failed.Count > 0)
        {
            lists["failed_users"] = failed;
        }

        return new BlockReply(
            new JsonObject { ["messaging_product"] = "whatsapp", ["block_users"] = lists },
            failed.Count > 0 ? GraphErrorCode.NotAllBlocked.Because("Some users failed: block_users.failed_users says which and why.") : null);
    }

    private static JsonObject Failed(AskedUser user)
    {
        JsonObject failed = new() { ["input"] = user.Input };
        if (user.Number is { } number)
        {
            failed["wa_id"] = number.Digits;
        }

        failed["errors"] = new JsonArray(new JsonObject
        {
            ["message"] = user.Failure?.Code.Message,
            ["code"] = user.Failure?.Code.Code,
            ["error_data"] = new JsonObject { ["details"] = user.Failure?.Details },
        });
        return failed;
    }
}
