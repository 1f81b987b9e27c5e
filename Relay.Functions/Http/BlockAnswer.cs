using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.PhoneNumbers.Blocking;

namespace Relay.Functions.Http;

/// <summary>Answers a change of the block list: the result, and where some of it failed the error beside it.</summary>
internal static class BlockAnswer
{
    internal static IResult From(BlockReply reply)
    {
        TraceId trace = TraceId.Create();
        if (reply.Error is { } error)
        {
            reply.Result["error"] = JsonNode.Parse(GraphErrorOutput.Write(error, trace.ToString()))?["error"]?.DeepClone();
        }

        int status = reply.Error?.Code.HttpStatus ?? StatusCodes.Status200OK;
        return new GraphResponse(status, JsonSerializer.SerializeToUtf8Bytes(reply.Result, AccountOutput.Node), trace);
    }
}
