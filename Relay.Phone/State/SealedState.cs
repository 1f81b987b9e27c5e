// file = header (34, StateHeader) || nonce (12) || ciphertext || tag (16)      AES-256-GCM, AAD = header

using System.Security.Cryptography;
using Relay.Shared.Primitives;

namespace Relay.Phone.State;

/// <summary>Seals a state under a 32-byte key, bound to its header; what was changed in any bit doesn't open.</summary>
internal static class SealedState
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = StateHeader.Size + NonceSize + TagSize;

    internal static byte[] Seal(StateHeader header, SecretBytes key, ReadOnlySpan<byte> state)
    {
        byte[] file = new byte[Overhead + state.Length];
        header.Write(file);
        Span<byte> nonce = file.AsSpan(StateHeader.Size, NonceSize);

        // Random: a key would have to seal 2^32 states before two nonces are likely to meet.
        RandomNumberGenerator.Fill(nonce);
        using AesGcm aes = new(key.Reveal(), TagSize);
        aes.Encrypt(
            nonce,
            state,
            file.AsSpan(StateHeader.Size + NonceSize, state.Length),
            file.AsSpan(file.Length - TagSize),
            file.AsSpan(0, StateHeader.Size));
        return file;
    }

    /// <summary>Null when the key is another one or a bit was changed; nobody can tell which.</summary>
    internal static SecretBytes? Open(SecretBytes key, ReadOnlySpan<byte> file)
    {
        if (file.Length < Overhead)
        {
            return null;
        }

        byte[] state = new byte[file.Length - Overhead];
        try
        {
            using AesGcm aes = new(key.Reveal(), TagSize);
            aes.Decrypt(
                file.Slice(StateHeader.Size, NonceSize),
                file.Slice(StateHeader.Size + NonceSize, state.Length),
                file[^TagSize..],
                state,
                file[..StateHeader.Size]);
            return SecretBytes.Own(state);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
