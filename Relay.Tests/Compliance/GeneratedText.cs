using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Compliance;

/// <summary>A part of a document that the code writes, between two comments. With <c>RELAY_WRITE_DOCS=1</c> it is written anew instead of compared.</summary>
internal static class GeneratedText
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("RELAY_WRITE_DOCS") == "1";

    public static void Compare(string document, string name, string now)
    {
        string path = Path.Combine(Repository.Root, document);
        string text = File.ReadAllText(path);
        (int start, int end) = Find(text, document, name);
        if (Writes)
        {
            File.WriteAllText(path, text[..start] + now + text[end..]);
            return;
        }

        Assert.Equal(now, text[start..end].ReplaceLineEndings("\n"));
    }

    private static (int Start, int End) Find(string text, string document, string name)
    {
        string begin = $"<!-- from the code: {name} -->\n";
        int start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int end = text.IndexOf($"<!-- end: {name} -->", StringComparison.Ordinal);
        Assert.True(start >= begin.Length && end >= start, $"{document} has no place for {name}.");
        return (start, end);
    }
}
