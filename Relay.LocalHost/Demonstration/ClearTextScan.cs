using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Relay.LocalHost.Demonstration;

/// <summary>
/// Searches bytes for texts, telephone numbers and keys in every spelling that storage might have given them: UTF-8, UTF-16 in both byte
/// orders, base64 of each at all three alignments and in both alphabets, hex, JSON escapes; numbers also without plus, without country code, and as a hash
/// without a key. All needles are looked for in one pass.
/// </summary>
internal sealed class ClearTextScan
{
    private const int Overlap = 4 * 1024;
    private const int BlockSize = 4 * 1024 * 1024;

    /// <summary>A shorter one would be found by chance.</summary>
    private const int ShortestNeedle = 5;

    private readonly List<(string Name, byte[] Bytes)> _needles = [];
    private readonly List<string> _findings = [];
    private SearchValues<string>? _any;

    public ClearTextScan(IEnumerable<string> secrets)
    {
        foreach (string secret in secrets)
        {
            Add(secret);
        }
    }

    public int Needles => _needles.Count;

    public IReadOnlyList<string> Findings => _findings;

    /// <summary>Whether a file holds a text in UTF-8.</summary>
    public static bool Contains(string file, string text)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using MemoryStream whole = new();
        stream.CopyTo(whole);
        return whole.GetBuffer().AsSpan(0, (int)whole.Length).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }

    /// <summary>A text; one that begins with a plus is a telephone number.</summary>
    public void Add(string secret)
    {
        foreach (string spelling in Spellings(secret))
        {
            AddSpelling(spelling);
        }

        if (secret.StartsWith('+'))
        {
            AddKey($"SHA-256 of \"{secret}\"", SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
            AddKey($"SHA-256 of \"{secret[1..]}\"", SHA256.HashData(Encoding.UTF8.GetBytes(secret[1..])));
        }
    }

    /// <summary>Bytes that are no text.</summary>
    public void AddKey(string name, byte[] bytes)
    {
        AddNeedle(name, bytes);
        AddNeedle(name + " hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)));
        AddNeedle(name + " HEX", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)));
        for (int shift = 0; shift < 3; shift++)
        {
            string text = Base64Inside(bytes, shift);
            AddNeedle($"{name} base64+{shift}", Encoding.ASCII.GetBytes(text));
            if (text.AsSpan().ContainsAny('+', '/'))
            {
                AddNeedle($"{name} base64url+{shift}", Encoding.ASCII.GetBytes(text.Replace('+', '-').Replace('/', '_')));
            }
        }
    }

    /// <summary>A search that can't find is no proof: plants each needle between random bytes and must find it.</summary>
    public void ProveItself()
    {
        foreach ((string _, byte[] bytes) in _needles)
        {
            byte[] planted = [.. RandomNumberGenerator.GetBytes(97), .. bytes, .. RandomNumberGenerator.GetBytes(31)];
            if (!HoldsAny(planted) || planted.AsSpan().IndexOf(bytes) < 0)
            {
                throw new DemoException("the search does not find what was planted for it");
            }
        }
    }

    public (int Files, long Bytes) SearchFolder(string folder)
    {
        int files = 0;
        long total = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            files++;
            total += SearchFile(file);
        }

        return (files, total);
    }

    internal IReadOnlyList<string> Search(ReadOnlySpan<byte> bytes)
    {
        List<string> found = [];
        if (!HoldsAny(bytes))
        {
            return found;
        }

        foreach ((string name, byte[] needle) in _needles)
        {
            if (bytes.IndexOf(needle) >= 0)
            {
                found.Add(name);
            }
        }

        return found;
    }

    /// <summary>All needles in one pass.</summary>
    private bool HoldsAny(ReadOnlySpan<byte> bytes)
    {
        // A byte is a character here, so that one vectorised search takes all needles.
        _any ??= SearchValues.Create([.. _needles.Select(needle => Encoding.Latin1.GetString(needle.Bytes))], StringComparison.Ordinal);
        char[] text = ArrayPool<char>.Shared.Rent(bytes.Length);
        try
        {
            int length = Encoding.Latin1.GetChars(bytes, text);
            return text.AsSpan(0, length).ContainsAny(_any);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text);
        }
    }

    private long SearchFile(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] block = new byte[BlockSize];
        int kept = 0;
        long total = 0;
        for (int read = stream.Read(block, 0, BlockSize); read > 0; read = stream.Read(block, kept, BlockSize - kept))
        {
            total += read;
            int length = kept + read;
            _findings.AddRange(Search(block.AsSpan(0, length)).Select(name => $"{name} in {Path.GetFileName(file)}"));
            kept = Math.Min(Overlap, length);
            block.AsSpan(length - kept, kept).CopyTo(block);
        }

        return total;
    }

    private static IEnumerable<string> Spellings(string secret)
    {
        yield return secret;
        if (secret.StartsWith('+'))
        {
            yield return secret[1..];

            // The national part alone: shorter country codes first would only make the needle longer.
            yield return secret[3..];
        }
        else
        {
            string escaped = JavaScriptEncoder.Default.Encode(secret);
            if (escaped != secret)
            {
                yield return escaped;
                yield return escaped.Replace("\\u", "\\\\u", StringComparison.Ordinal);
            }
        }
    }

    private void AddSpelling(string spelling)
    {
        foreach ((string name, Encoding encoding) in new[] { ("UTF-8", Encoding.UTF8), ("UTF-16", Encoding.Unicode), ("UTF-16BE", Encoding.BigEndianUnicode) })
        {
            AddKey($"\"{spelling}\" as {name}", encoding.GetBytes(spelling));
        }
    }

    /// <summary>Bytes in no other spelling.</summary>
    public void AddNeedle(string name, byte[] bytes)
    {
        if (bytes.Length < ShortestNeedle)
        {
            throw new ArgumentException("That is too short to be looked for.", nameof(bytes));
        }

        _needles.Add((name, bytes));
        _any = null;
    }

    /// <summary>The characters of a base64 text that depend on these bytes alone, when they begin <paramref name="shift"/> bytes into a group.</summary>
    private static string Base64Inside(byte[] bytes, int shift)
    {
        string text = Convert.ToBase64String([.. new byte[shift], .. bytes]);
        int first = shift == 0 ? 0 : 4;
        int whole = (shift + bytes.Length) / 3 * 4;
        return text[first..whole];
    }
}
