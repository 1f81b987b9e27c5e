namespace Relay.Shared.Signal;

/// <summary>The four steps of a session: records are never changed, each step returns the next one.</summary>
public static class SessionCipher
{
    public static InitiateResult Initiate(SessionRecord? existing, IdentityKeyPair us, uint ourRegistrationId, PreKeyBundle bundle) => throw new NotImplementedException();

    public static EncryptResult Encrypt(SessionRecord record, IdentityKeyPair us, ReadOnlySpan<byte> plaintext) => throw new NotImplementedException();

    public static DecryptResult Decrypt(SessionRecord? record, IdentityKeyPair us, uint ourRegistrationId, SignalCiphertext message, ResponderPreKeys? preKeys) => throw new NotImplementedException();
}
