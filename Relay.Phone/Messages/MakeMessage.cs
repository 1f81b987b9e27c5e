using System.Text.Json.Nodes;

namespace Relay.Phone.Messages;

/// <summary>Makes the message objects that a user sends (docs/transport.openapi.yaml).</summary>
internal static class MakeMessage
{
    internal static JsonObject Text(string body) => New("text", new JsonObject { ["body"] = body });

    internal static JsonObject Location(double latitude, double longitude, string? name, string? address) => New("location", With(
        new JsonObject { ["latitude"] = latitude, ["longitude"] = longitude }, ("name", name), ("address", address)));

    internal static JsonObject Contact(string name, string? phone)
    {
        JsonObject contact = new() { ["name"] = new JsonObject { ["formatted_name"] = name, ["first_name"] = name } };
        if (phone is not null)
        {
            contact["phones"] = new JsonArray(new JsonObject { ["phone"] = phone, ["type"] = "CELL" });
        }

        return New("contacts", new JsonArray(contact));
    }

    /// <param name="id">Of the message reacted to.</param>
    /// <param name="author">Who wrote that: <c>business</c> or <c>user</c>.</param>
    /// <param name="emoji">Empty takes the reaction back.</param>
    internal static JsonObject Reaction(string id, string author, string emoji) => New("reaction", new JsonObject { ["id"] = id, ["author"] = author, ["emoji"] = emoji });

    internal static JsonObject Edit(string id, string text) => New("edit", new JsonObject { ["id"] = id, ["message"] = Text(text) });

    internal static JsonObject Revoke(string id) => New("revoke", new JsonObject { ["id"] = id });

    internal static JsonObject Order(string catalog, string product, int quantity, double price, string currency, string? text)
    {
        JsonObject item = new() { ["product_retailer_id"] = product, ["quantity"] = quantity, ["item_price"] = price, ["currency"] = currency };
        return New("order", With(new JsonObject { ["catalog_id"] = catalog, ["product_items"] = new JsonArray(item) }, ("text", text)));
    }

    /// <summary>A poll: the Cloud API has no form for it, so a business is told of something unsupported.</summary>
    internal static JsonObject Poll(string question) => New("poll_creation", new JsonObject { ["name"] = question, ["options"] = new JsonArray("Yes", "No") });

    /// <param name="kind"><c>image</c>, <c>video</c>, <c>audio</c>, <c>document</c> or <c>sticker</c>.</param>
    /// <param name="media">What the upload gave.</param>
    /// <param name="caption">Of images, videos and documents.</param>
    /// <param name="fileName">Of documents.</param>
    /// <param name="isVoice">Of audio.</param>
    internal static JsonObject File(string kind, JsonObject media, string? caption, string? fileName, bool isVoice)
    {
        With(media, ("caption", caption), ("filename", kind == "document" ? fileName : null));
        if (kind == "audio")
        {
            media["voice"] = isVoice;
        }

        return New(kind, media);
    }

    private static JsonObject New(string type, JsonNode content) => new() { ["type"] = type, [type] = content };

    private static JsonObject With(JsonObject whole, params ReadOnlySpan<(string Name, string? Value)> members)
    {
        foreach ((string name, string? value) in members)
        {
            if (value is not null)
            {
                whole[name] = value;
            }
        }

        return whole;
    }
}
