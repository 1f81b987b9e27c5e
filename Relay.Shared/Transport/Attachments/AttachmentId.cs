using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Shared.Transport.Attachments;

/// <summary>
/// Names an attachment: its day and 128 random bits, 40 characters. Knowing it is the right to fetch the bytes, so the blob is named by a hash of it: a list of blobs, or a
/// log of their addresses, gives nobody that right.
/// </summary>
internal readonly record struct AttachmentId
{
    private const int RandomSize = 16;
    private const int DayLength = 8;

    private AttachmentId(UtcDay day, string value) => (Day, Value) = (day, value);

    internal UtcDay Day { get; }

    internal string Value { get; }

    internal string BlobName => $"{Prefix(Day)}{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Value)))}";

    /// <summary>Of the names of all blobs of a day.</summary>
    internal static string Prefix(UtcDay day) => day.Key + "/";

    internal static AttachmentId Create(UtcDay day) => new(day, day.Key + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomSize)));

    internal static bool TryParse(string text, out AttachmentId id)
    {
        id = default;
        if (text.Length != DayLength + (2 * RandomSize) || !text.All(char.IsAsciiHexDigitLower) || !UtcDay.TryParse(text[..DayLength], out UtcDay day))
        {
            return false;
        }

        id = new AttachmentId(day, text);
        return true;
    }

    /// <summary>Not the id.</summary>
    public override string ToString() => nameof(AttachmentId);
}
