using System.Security.Cryptography;

namespace Relay.Shared.Webhooks;

/// <summary>Spreads retries by up to 20 % either way, so that what failed together doesn't come back together.</summary>
/// <param name="percent">The most, in percent.</param>
public sealed class RetryJitter(int percent)
{
    private const int Default = 20;

    public RetryJitter()
        : this(Default)
    {
    }

    internal TimeSpan Spread(TimeSpan delay) => delay * (1 + (RandomNumberGenerator.GetInt32(-percent * 100, (percent * 100) + 1) / 10_000d));
}
