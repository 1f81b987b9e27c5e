using System.Globalization;
using System.Text;

namespace Relay.Fuzz.Wire;

/// <summary>A request as it goes over the wire, whatever it says.</summary>
internal sealed class FuzzRequest
{
    private const int MaxShown = 2_000;

    public required string Function { get; init; }

    public required string Method { get; set; }

    /// <summary>Path and query, raw.</summary>
    public required string Target { get; set; }

    public List<(string Name, string Value)> Headers { get; init; } = [];

    public byte[] Body { get; set; } = [];

    /// <summary>Sent in chunks and without its length.</summary>
    public bool IsChunked { get; set; }

    /// <summary>Signs the body anew: of a push, whose signature would end each change of it at the door.</summary>
    public Func<byte[], IEnumerable<(string Name, string Value)>>? Sign { get; init; }

    /// <summary>What was done to it.</summary>
    public List<string> Changes { get; } = [];

    public string ContentType
    {
        get => Headers.FirstOrDefault(header => header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value ?? string.Empty;
        set => Set("Content-Type", value);
    }

    public FuzzRequest Copy(string? function = null) => new()
    {
        Function = function ?? Function,
        Method = Method,
        Target = Target,
        Headers = [.. Headers],
        Body = [.. Body],
        Sign = Sign,
    };

    public void Set(string name, string? value)
    {
        Headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (value is not null)
        {
            Headers.Add((name, value));
        }
    }

    public byte[] Encode(string host)
    {
        using MemoryStream bytes = new();
        void Write(string text) => bytes.Write(Encoding.Latin1.GetBytes(text.Replace("\r", " ", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal)));
        void End() => bytes.Write("\r\n"u8);
        Write($"{Method} {Target} HTTP/1.1");
        End();
        Write($"Host: {host}");
        End();
        foreach ((string name, string value) in Headers)
        {
            Write($"{name}: {value}");
            End();
        }

        if (!IsChunked)
        {
            Write(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}"));
            End();
            End();
            bytes.Write(Body);
            return bytes.ToArray();
        }

        Write("Transfer-Encoding: chunked");
        End();
        End();
        foreach (byte[] chunk in Body.Chunk(997))
        {
            Write(chunk.Length.ToString("x", CultureInfo.InvariantCulture));
            End();
            bytes.Write(chunk);
            End();
        }

        Write("0");
        End();
        End();
        return bytes.ToArray();
    }

    public override string ToString()
    {
        string text = Encoding.Latin1.GetString(Encode("relay"));
        return $"  changes: {string.Join(", ", Changes)}\n  " + (text.Length > MaxShown ? text[..MaxShown] + $"… ({text.Length} bytes)" : text).ReplaceLineEndings("\n  ");
    }
}
