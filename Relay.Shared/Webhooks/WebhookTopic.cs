using System.Text.Json;
using Relay.Shared.Primitives;

namespace Relay.Shared.Webhooks;

/// <summary>What a webhook's body is about, as subscribers are chosen by it: the number, the Cloud API's field, and the value's member.</summary>
/// <param name="Number">Whose event it is; null when the body names none.</param>
/// <param name="Field">The Cloud API's field, such as <c>messages</c>.</param>
/// <param name="Member">What the value holds: <c>messages</c> or <c>statuses</c>.</param>
public sealed record WebhookTopic(PhoneNumberId? Number, string Field, string Member)
{
    private const int ValueDepth = 5;

    /// <summary>Reads no further than it must.</summary>
    public static WebhookTopic Read(ReadOnlySpan<byte> payload)
    {
        Utf8JsonReader reader = new(payload);
        PhoneNumberId? number = null;
        string field = "";
        string member = "";
        try
        {
            while (member.Length == 0 && reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (reader.ValueTextEquals("field"u8) && reader.Read())
                {
                    field = reader.GetString() ?? "";
                }
                else if (reader.ValueTextEquals("phone_number_id"u8) && reader.Read())
                {
                    number = PhoneNumberId.TryParse(reader.GetString(), out PhoneNumberId id) ? id : null;
                }
                else if (reader.CurrentDepth > ValueDepth && (reader.ValueTextEquals("messages"u8) || reader.ValueTextEquals("statuses"u8)))
                {
                    member = reader.GetString() ?? "";
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new WebhookTopic(null, "", "");
        }

        return new WebhookTopic(number, field, member);
    }
}
