using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Phone.Commands;
using Relay.Phone.Events;
using Relay.Phone.Messages;
using Relay.Phone.Sending;
using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;

namespace Relay.Phone.Chat;

/// <summary>The chat's commands that send something to the correspondent at hand, about its latest message where they are about one.</summary>
internal sealed class ChatMessages(PhoneDevice device)
{
    private static readonly string[] s_names = ["/text", "/file", "/voice", "/location", "/contact", "/reply", "/react", "/played", "/edit", "/revoke", "/save", "/form", "/report", "/block", "/unblock"];

    internal static bool Knows(string command) => s_names.Contains(command) || Number(command) is not null;

    /// <summary>What became of the message; null when the command sends none.</summary>
    internal async Task<PhoneEvent?> ExecuteAsync(PhoneNumber to, string command, string rest, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case "/file" or "/voice":
                return await SendFileAsync(to, rest, command == "/voice", cancellationToken);
            case "/reply":
                return await SendAsync(to, MakeMessage.Text(rest), await LastIdAsync(to, isOurs: false, cancellationToken), cancellationToken);
            case "/react":
                return await device.ReactAsync(to, await LastIdAsync(to, isOurs: false, cancellationToken), rest, cancellationToken);
            case "/edit":
                return await SendAsync(to, MakeMessage.Edit((await LastIdAsync(to, isOurs: true, cancellationToken)).Hex, rest), null, cancellationToken);
            case "/revoke":
                return await SendAsync(to, MakeMessage.Revoke((await LastIdAsync(to, isOurs: true, cancellationToken)).Hex), null, cancellationToken);
            case "/form":
                return await PressChoice.ExecuteAsync(device, to, null, 1, MessageOptions.ReadObject(command, rest), cancellationToken);
            case "/played":
                await device.SendReceiptAsync(to, ContentReceipt.Played, [await LastIdAsync(to, isOurs: false, cancellationToken)], cancellationToken);
                return null;
            case "/report":
                await device.ReportAsync(to, null, rest == "content", cancellationToken);
                return null;
            case "/block" or "/unblock":
                await device.BlockAsync(to, command == "/block", cancellationToken);
                return null;
            case "/save":
                await SaveFile.ExecuteAsync(device, to, null, rest.Length > 0 ? rest : null, cancellationToken);
                return null;
            default:
                return Number(command) is { } number
                    ? await PressChoice.ExecuteAsync(device, to, null, number, null, cancellationToken)
                    : await SendAsync(to, Make(command, rest), null, cancellationToken);
        }
    }

    private Task<PhoneEvent> SendAsync(PhoneNumber to, JsonObject message, EnvelopeId? replyTo, CancellationToken cancellationToken) =>
        device.SendAsync(to, message, new SendOptions { ReplyTo = replyTo }, cancellationToken);

    private async Task<PhoneEvent> SendFileAsync(PhoneNumber to, string rest, bool isVoice, CancellationToken cancellationToken)
    {
        string[] words = rest.Split(' ', 2, StringSplitOptions.TrimEntries);
        await using FileStream content = MessageOptions.Open(words[0]);
        return await device.SendFileAsync(to, content, FileToSend.OfPath(words[0], null, words.Length > 1 ? words[1] : null, isVoice), new SendOptions(), cancellationToken);
    }

    private async Task<EnvelopeId> LastIdAsync(PhoneNumber to, bool isOurs, CancellationToken cancellationToken)
    {
        KeptMessage? last = await device.LastMessageAsync(to, isOurs, IsContent, cancellationToken);
        return EnvelopeId.TryParse(last?.Id, out EnvelopeId id) ? id : throw new PhoneException("There is no message yet.");
    }

    /// <summary>Reactions and changes are about messages; they are none themselves.</summary>
    private static bool IsContent(JsonElement message) => Members.Text(message, "type") is not ("reaction" or "edit" or "revoke");

    private static JsonObject Make(string command, string rest)
    {
        string[] words = rest.Split(' ', 2, StringSplitOptions.TrimEntries);
        return command switch
        {
            "/location" => MessageOptions.Location(words[0], words.Length > 1 ? words[1] : null, null),
            "/contact" => MakeMessage.Contact(rest, null),
            _ => MakeMessage.Text(rest),
        };
    }

    private static int? Number(string command) =>
        int.TryParse(command.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
