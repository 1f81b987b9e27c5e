using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Relay.Shared.Graph;

namespace Relay.Functions.Http;

/// <summary>
/// Builds the JSON object that form fields stand for. A field's name is <c>member</c> or <c>member[member]…</c>; its value is text
/// for a text member, <c>true</c>, <c>false</c>, <c>1</c> or <c>0</c> for a flag, digits for a number, and JSON for an object.
/// Names that the request type doesn't know are ignored, so its depth is the type's.
/// </summary>
internal sealed class FormObject(JsonTypeInfo type, JsonObject root)
{
    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = GraphJson.MaxDepth, AllowDuplicateProperties = false };

    internal bool IsEmpty => root.Count == 0;

    internal static bool Knows(JsonTypeInfo type, string name) => Find(type, FirstMember(name)) is not null;

    internal GraphError? Add(IEnumerable<FormField> fields)
    {
        foreach (FormField field in fields)
        {
            if (Add(field) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>Adds the fields whose first member is not there yet.</summary>
    internal GraphError? AddAbsent(IReadOnlyList<FormField> fields)
    {
        HashSet<string> present = [.. root.Select(member => member.Key)];
        return Add(fields.Where(field => !present.Contains(FirstMember(field.Name))));
    }

    /// <summary>Takes objects and lists that are given as text for what that says, as clients that encode twice mean it; false when there is none.</summary>
    internal bool Unpack()
    {
        bool isAny = false;
        foreach ((string name, JsonNode? value) in root.ToArray())
        {
            if (TextOf(value)?.TrimStart() is ['{' or '[', ..] text && Find(type, name) is { } member && member.PropertyType != typeof(string))
            {
                isAny |= Set(root, member, text) is null;
            }
        }

        return isAny;
    }

    /// <summary>Null if a text holds a lone surrogate.</summary>
    internal byte[]? ToUtf8()
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter writer = new(buffer);
        try
        {
            root.WriteTo(writer);
            writer.Flush();
            return buffer.WrittenSpan.ToArray();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private GraphError? Add(FormField field)
    {
        JsonTypeInfo parentType = type;
        JsonObject parent = root;
        string[] path = Split(field.Name);
        for (int i = 0; i < path.Length; i++)
        {
            if (Find(parentType, path[i]) is not { } member)
            {
                return null;
            }

            bool isLast = i == path.Length - 1;
            bool isNew = parent.TryAdd(member.Name, null);
            if (isLast)
            {
                return isNew ? Set(parent, member, field.Value) : Invalid($"The field {member.Name} is given twice.");
            }

            if (isNew)
            {
                parent[member.Name] = new JsonObject();
            }

            if (parent[member.Name] is not JsonObject child)
            {
                return Invalid($"The field {member.Name} is given twice.");
            }

            parent = child;
            parentType = type.Options.GetTypeInfo(member.PropertyType);
        }

        return null;
    }

    private static string? TextOf(JsonNode? value)
    {
        try
        {
            return value is JsonValue text && text.TryGetValue(out string? found) ? found : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate.
            return null;
        }
    }

    private static GraphError? Set(JsonObject parent, JsonPropertyInfo member, string value)
    {
        try
        {
            parent[member.Name] = ToNode(Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType, value);
            return null;
        }
        catch (JsonException exception)
        {
            return Invalid(
                $"The field {member.Name} is not well-formed JSON, occurs twice in itself, or is too deep "
                + $"(line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} of its value).");
        }
        catch (InvalidOperationException)
        {
            return Invalid($"The field {member.Name} holds a name that is not valid Unicode.");
        }
    }

    // What doesn't fit stays text: reading the finished object then says which member is of the wrong type.
    private static JsonNode? ToNode(Type memberType, string value)
    {
        if (memberType == typeof(string))
        {
            return JsonValue.Create(value);
        }

        if (memberType == typeof(bool))
        {
            return value switch
            {
                "true" or "1" => JsonValue.Create(true),
                "false" or "0" => JsonValue.Create(false),
                _ => JsonValue.Create(value),
            };
        }

        if (memberType == typeof(int) || memberType == typeof(long))
        {
            return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                ? JsonValue.Create(number)
                : JsonValue.Create(value);
        }

        return value.TrimStart() switch
        {
            "" or "null" => null,
            ['{' or '[', ..] => JsonNode.Parse(value, documentOptions: DocumentOptions),
            _ => JsonValue.Create(value),
        };
    }

    private static JsonPropertyInfo? Find(JsonTypeInfo type, string name) => type.Properties.FirstOrDefault(member => member.Name == name);

    private static string FirstMember(string name) => Split(name)[0];

    /// <summary><c>a[b][c]</c> is a, b, c; anything else in brackets' stead is one name, and unknown.</summary>
    private static string[] Split(string name)
    {
        int bracket = name.IndexOf('[', StringComparison.Ordinal);
        return bracket > 0 && name.EndsWith(']') ? [name[..bracket], .. name[(bracket + 1)..^1].Split("][")] : [name];
    }

    private static GraphError Invalid(string details) => GraphErrorCode.InvalidParameter.Because(details);
}
