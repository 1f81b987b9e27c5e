using System.Buffers.Text;
using System.Security.Cryptography;

namespace Relay.Functions.Http;

/// <summary>Names one answer (<c>fbtrace_id</c>): 22 random URL-safe characters, the same in the body, the header and the log.</summary>
public readonly record struct TraceId
{
    public const string Header = "x-fb-trace-id";

    private const int Size = 16;

    private readonly string? _value;

    private TraceId(string value) => _value = value;

    public static TraceId Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size)));

    public override string ToString() => _value ?? throw new InvalidOperationException("An uninitialised TraceId was used.");
}
