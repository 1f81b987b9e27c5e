using System.Text;
using System.Text.Json;

namespace Relay.LocalHost.Demonstration;

/// <summary>One webhook that the demo business got.</summary>
internal sealed class DemoDelivery
{
    private readonly JsonElement _change;

    /// <param name="body">The bytes that were signed.</param>
    /// <param name="signature">The header.</param>
    public DemoDelivery(byte[] body, string signature)
    {
        (Body, Signature) = (body, signature);
        _change = JsonDocument.Parse(body).RootElement.GetProperty("entry")[0].GetProperty("changes")[0];
        if (Value.TryGetProperty("statuses", out JsonElement statuses))
        {
            Status = (statuses[0].GetProperty("status").GetString(), statuses[0].GetProperty("id").GetString());
            Recipient = statuses[0].TryGetProperty("recipient_id", out JsonElement recipient) ? recipient.GetString() : null;
            Error = statuses[0].TryGetProperty("errors", out JsonElement errors) ? errors[0].GetProperty("code").GetInt32() : null;
        }
    }

    public byte[] Body { get; }

    public string Signature { get; }

    public string Text => Encoding.UTF8.GetString(Body);

    public string? Field => _change.GetProperty("field").GetString();

    /// <summary>Of a change of how the business stands.</summary>
    public string? Event => Value.TryGetProperty("event", out JsonElement happened) ? happened.GetString() : null;

    public string? MessageText => Value.TryGetProperty("messages", out JsonElement messages)
        ? messages[0].GetProperty("text").GetProperty("body").GetString()
        : null;

    public (string? Status, string? Id) Status { get; }

    /// <summary>To whom, of a status.</summary>
    public string? Recipient { get; }

    /// <summary>The code of a status <c>failed</c>.</summary>
    public int? Error { get; }

    private JsonElement Value => _change.GetProperty("value");
}
