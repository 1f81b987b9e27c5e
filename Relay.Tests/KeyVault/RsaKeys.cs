using System.Security.Cryptography;

namespace Relay.Tests.KeyVault;

/// <summary>RSA-3072 keys for all emulated vaults: making one takes longer than a test. A vault never gets one twice.</summary>
internal static class RsaKeys
{
    private static readonly Lock s_gate = new();
    private static readonly List<RSAParameters> s_made = [];

    /// <param name="number">How many that vault has had before.</param>
    internal static RSA Take(int number)
    {
        lock (s_gate)
        {
            while (s_made.Count <= number)
            {
                using RSA made = RSA.Create(3072);
                s_made.Add(made.ExportParameters(includePrivateParameters: true));
            }

            return RSA.Create(s_made[number]);
        }
    }
}
