using System.Security.Cryptography;

namespace Relay.Shared.Transport.Integrity.Reports;

/// <summary>
/// What is sealed with a business's message so that its reader can report it. The tag is random and lies nowhere else: when the envelope is gone, nobody can make
/// the message's token again, and so nobody can tell whose report a row is.
/// </summary>
/// <param name="Business">What its report counts against.</param>
/// <param name="Tag">64 random bits.</param>
internal readonly record struct ReportMark(string Business, ulong Tag)
{
    internal static ReportMark Create(string business) => new(business, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
}
