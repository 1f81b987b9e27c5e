// What each state holds and sends, in one table: the transitions of Braid and the stored form in SpqrCodec follow it.

using Relay.Shared.Signal.Kem;

namespace Relay.Shared.Signal.Spqr;

/// <summary>The contents of a state, in bytes and chunks; 0 where there is none.</summary>
/// <param name="Sends">The type of the messages it sends.</param>
/// <param name="SecretBytes">The seed of our key (64) or the message of our encapsulation (32).</param>
/// <param name="KeptBytes">Public bytes needed later: a header, halves of a ciphertext.</param>
/// <param name="EncoderChunks">Length of the text being sent.</param>
/// <param name="DecoderChunks">Length of the text being received.</param>
internal readonly record struct BraidLayout(SpqrMessageType Sends, int SecretBytes, int KeptBytes, int EncoderChunks, int DecoderChunks)
{
    internal const int FirstBytes = 960;
    internal const int SecondBytes = 128;
    internal const int VectorBytes = 1152;

    /// <summary>rho || H(ek), and its MAC.</summary>
    internal const int HeaderChunks = (MlKem.HeaderBytes + SpqrKdf.MacBytes) / ErasureCode.ChunkBytes;

    internal const int VectorChunks = VectorBytes / ErasureCode.ChunkBytes;
    internal const int FirstChunks = FirstBytes / ErasureCode.ChunkBytes;

    /// <summary>The second half of a ciphertext, and the MAC of both.</summary>
    internal const int SecondChunks = (SecondBytes + SpqrKdf.MacBytes) / ErasureCode.ChunkBytes;

    private static readonly BraidLayout[] Table =
    [
        new(SpqrMessageType.Header, 0, 0, 0, 0),
        new(SpqrMessageType.Header, MlKem.SeedBytes, 0, HeaderChunks, 0),
        new(SpqrMessageType.Vector, MlKem.SeedBytes, 0, VectorChunks, FirstChunks),
        new(SpqrMessageType.VectorAndAck, MlKem.SeedBytes, FirstBytes, VectorChunks, 0),
        new(SpqrMessageType.Ack, MlKem.SeedBytes, FirstBytes, 0, SecondChunks),
        new(SpqrMessageType.None, 0, 0, 0, HeaderChunks),
        new(SpqrMessageType.FirstCiphertext, 0, MlKem.HeaderBytes, 0, 0),
        new(SpqrMessageType.FirstCiphertext, MlKem.MessageBytes, MlKem.HeaderBytes, FirstChunks, VectorChunks),
        new(SpqrMessageType.FirstCiphertext, 0, SecondBytes + SpqrKdf.MacBytes, FirstChunks, 0),
        new(SpqrMessageType.None, MlKem.MessageBytes, MlKem.HeaderBytes + FirstBytes, 0, VectorChunks),
        new(SpqrMessageType.SecondCiphertext, 0, 0, SecondChunks, 0),
    ];

    internal static BraidLayout Of(BraidState state) => Table[(int)state];

    internal static bool IsDefined(byte state) => state < Table.Length;

    /// <summary>True for the side whose key the epoch's secret is encapsulated to.</summary>
    internal static bool IsKeySide(BraidState state) => state <= BraidState.EkSentCt1Received;

    /// <summary>True when the chain already has the epoch of the braid: the encapsulating side knows the secret first.</summary>
    internal static bool HasSecret(BraidState state) => state >= BraidState.Ct1Sampled;
}
