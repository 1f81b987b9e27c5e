using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Shared.Sealing;

/// <summary>The public half of one version of the key that signs (ES256, P-256): all that an auditor needs.</summary>
/// <param name="KeyId">The version, as signatures name it.</param>
/// <param name="X">32 bytes.</param>
/// <param name="Y">32 bytes.</param>
public sealed record SigningKey(string KeyId, byte[] X, byte[] Y)
{
    /// <summary>RFC 7638: names the key by what it is, whatever it is called.</summary>
    public string Thumbprint => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(
        $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(X)}}","y":"{{Base64Url.EncodeToString(Y)}}"}""")));

    /// <summary>Whether this key signed the statement.</summary>
    public bool Verifies(Statement statement, KeySignature signature)
    {
        if (signature.KeyId != KeyId)
        {
            return false;
        }

        try
        {
            using ECDsa key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = X, Y = Y } });
            return key.VerifyData(statement.Bytes, signature.Bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            // No point of the curve.
            return false;
        }
    }

    public override string ToString() => KeyId;
}
