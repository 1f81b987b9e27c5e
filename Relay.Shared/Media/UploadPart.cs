namespace Relay.Shared.Media;

/// <summary>A part of an upload's form: a field, or a file that is read before the next part comes.</summary>
public sealed class UploadPart
{
    private UploadPart(string name, string? value, Stream? content, string? contentType, string? fileName) =>
        (Name, Value, Content, ContentType, FileName) = (name, value, content, contentType, fileName);

    public string Name { get; }

    /// <summary>Null for a file.</summary>
    public string? Value { get; }

    /// <summary>Null for a field. What is wrong with it, it throws as <see cref="RefusedFileException"/>.</summary>
    public Stream? Content { get; }

    /// <summary>The part's own.</summary>
    public string? ContentType { get; }

    public string? FileName { get; }

    public static UploadPart Field(string name, string value) => new(name, value, null, null, null);

    public static UploadPart File(string name, Stream content, string? contentType, string? fileName) => new(name, null, content, contentType, fileName);

    public override string ToString() => nameof(UploadPart);
}
