using System.Text;
using System.Xml;

namespace Relay.Shared.Storage;

/// <summary>Refuses, with an <see cref="ArgumentException"/>, what Azure Queue Storage would refuse or silently change.</summary>
public static class QueueGuard
{
    /// <summary>3 to 63 lower-case letters, digits and single hyphens within.</summary>
    public static void CheckQueue(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        if (queue.Length is < 3 or > 63
            || !queue.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            || queue[0] == '-' || queue[^1] == '-' || queue.Contains("--", StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{queue}' is not a queue name.", nameof(queue));
        }
    }

    /// <summary>
    /// 1 byte to 64 KiB of UTF-8. Bodies travel in XML as they are (message encoding none), so characters that XML can't hold are
    /// refused, and carriage returns, which XML parsers change.
    /// </summary>
    public static void CheckBody(string body)
    {
        ArgumentException.ThrowIfNullOrEmpty(body);
        int bytes = Encoding.UTF8.GetByteCount(body);
        if (bytes > QueueLimits.MaxBodyBytes)
        {
            throw new ArgumentException($"A body of {bytes} bytes is over the limit of {QueueLimits.MaxBodyBytes}.", nameof(body));
        }

        for (int i = 0; i < body.Length; i++)
        {
            if (char.IsHighSurrogate(body[i]) && i + 1 < body.Length && char.IsLowSurrogate(body[i + 1]))
            {
                i++;
            }
            else if (body[i] == '\r' || !XmlConvert.IsXmlChar(body[i]))
            {
                throw new ArgumentException("A body has a character that doesn't survive the queue.", nameof(body));
            }
        }
    }

    /// <summary>A life of at least a second, and a delay of 0 to 7 days that ends before it.</summary>
    public static void CheckTimes(TimeSpan delay, TimeSpan timeToLive)
    {
        CheckHide(delay);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToLive, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(WholeSeconds(delay), WholeSeconds(timeToLive), nameof(delay));
    }

    /// <summary>1 to 32 messages, hidden for 1 second to 7 days.</summary>
    public static void CheckReceive(int max, TimeSpan visibility)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, QueueLimits.MaxReceive);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(visibility, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(visibility, QueueLimits.MaxDelay);
    }

    public static void CheckHide(TimeSpan visibility)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(visibility, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(visibility, QueueLimits.MaxDelay);
    }

    /// <summary>The service counts whole seconds and its client cuts; every adapter rounds up, so a short delay never becomes none.</summary>
    public static TimeSpan WholeSeconds(TimeSpan time) => TimeSpan.FromSeconds((long)Math.Ceiling(time.TotalSeconds));
}
