using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>Conversations recorded with real implementations, replayed with the draws our side made then.</summary>
public sealed class TranscriptTests
{
    public static TheoryData<string> Version3 => new(VectorFile.Named("v3-*.json"));

    [Fact]
    public void All_ten_transcripts_are_there() => Assert.Equal(10, Version3.Count);

    [Theory]
    [MemberData(nameof(Version3))]
    public void A_recorded_conversation_replays_byte_for_byte(string file)
    {
        JsonElement transcript = VectorFile.Read(file);
        using var replay = new Replay(transcript.Number("ourRegistrationId"));
        int number = 0;
        foreach (JsonElement step in transcript.GetProperty("steps").EnumerateArray())
        {
            replay.Run(step, $"{file} step {number}");
            number++;
        }

        Assert.True(number >= 58);
    }

    private sealed class Replay(uint registrationId) : IDisposable
    {
        private IdentityKeyPair? _identity;
        private SignedPreKeyPair? _signed;
        private PreKeyPair? _oneTime;
        private byte[]? _record;

        private IdentityKeyPair Us => _identity ?? throw new InvalidDataException("No identity yet.");

        public void Run(JsonElement step, string where)
        {
            byte[][] draws = [.. step.GetProperty("draws").EnumerateArray().Select(draw => draw.Hex("hex"))];
            switch (step.Text("op"))
            {
                case "identity":
                    _identity = IdentityKeyPair.Import(draws[0]);
                    Assert.Equal(step.Text("publicKey"), Us.PublicKey.ToString());
                    break;
                case "publishBundle":
                    Publish(step.GetProperty("bundle"), draws);
                    break;
                case "processBundle":
                    Initiate(step.GetProperty("bundle"), draws);
                    break;
                case "encrypt":
                    Encrypt(step, where);
                    break;
                case "decrypt":
                    Decrypt(step, draws, where);
                    break;
                default:
                    Assert.Fail(where);
                    break;
            }
        }

        public void Dispose()
        {
            _identity?.Dispose();
            _signed?.Dispose();
            _oneTime?.Dispose();
        }

        private void Publish(JsonElement bundle, byte[][] draws)
        {
            _signed = SignedPreKeyPair.Generate(Us, bundle.Number("signedPreKeyId"), KeyPair.FromDraw(draws[0]), draws[1]);
            Assert.Equal(bundle.Text("signedPreKey"), _signed.KeyPair.PublicKey.ToString());
            Assert.Equal(bundle.Text("signedPreKeySig"), Convert.ToHexStringLower(_signed.Signature));
            if (draws.Length > 2)
            {
                _oneTime = new PreKeyPair(bundle.Number("preKeyId"), KeyPair.FromDraw(draws[2]));
                Assert.Equal(bundle.Text("preKey"), _oneTime.KeyPair.PublicKey.ToString());
            }
        }

        private void Initiate(JsonElement bundle, byte[][] draws)
        {
            bool oneTime = bundle.TryGetProperty("preKey", out JsonElement preKey) && preKey.ValueKind == JsonValueKind.String;
            using var baseKey = KeyPair.FromDraw(draws[0]);
            using var ratchetKey = KeyPair.FromDraw(draws[1]);
            (SessionOutcome outcome, SessionRecord? next) = SessionCipher.Initiate(
                Load(),
                Us,
                registrationId,
                new PreKeyBundle
                {
                    RegistrationId = bundle.Number("registrationId"),
                    DeviceId = bundle.Number("deviceId"),
                    IdentityKey = Key(bundle, "identityKey"),
                    SignedPreKeyId = bundle.Number("signedPreKeyId"),
                    SignedPreKey = Key(bundle, "signedPreKey"),
                    SignedPreKeySignature = bundle.Hex("signedPreKeySig"),
                    PreKeyId = oneTime ? bundle.Number("preKeyId") : null,
                    PreKey = oneTime ? Key(bundle, "preKey") : null,
                },
                baseKey,
                ratchetKey);
            Assert.Equal(SessionOutcome.Success, outcome);
            Store(next);
        }

        private void Encrypt(JsonElement step, string where)
        {
            using SessionRecord record = Load() ?? throw new InvalidDataException(where);
            (SignalCiphertext message, SessionRecord next) = SessionCipher.Encrypt(record, Us, step.Hex("plaintext"));
            Assert.Equal(where + step.Text("message"), where + Convert.ToHexStringLower(message.Bytes));
            Assert.Equal(step.Text("type") == "prekey", message.Kind == SignalMessageKind.PreKey);
            Store(next);
        }

        private void Decrypt(JsonElement step, byte[][] draws, string where)
        {
            byte[] bytes = step.Hex("message");
            SignalMessageKind kind = step.Text("type") == "prekey" ? SignalMessageKind.PreKey : SignalMessageKind.Message;
            using SessionRecord? record = Load();
            using KeyPair? draw = draws.Length == 0 ? null : KeyPair.FromDraw(draws[0]);
            bool isNew = kind == SignalMessageKind.PreKey
                && PreKeySignalMessage.TryParse(bytes, out PreKeySignalMessage? first)
                && record?.HasSessionFor(first) != true;
            ResponderPreKeys? preKeys = isNew && _signed is not null ? new ResponderPreKeys(_signed, _oneTime) : null;

            DecryptResult result = SessionCipher.Decrypt(
                record, Us, registrationId, new SignalCiphertext(kind, bytes), preKeys, draw);

            Assert.Equal((where, SessionOutcome.Success), (where, result.Outcome));
            Assert.Equal(where + step.Text("plaintext"), where + Convert.ToHexStringLower(result.Plaintext ?? []));
            Assert.Equal(isNew ? _oneTime?.Id : null, result.UsedPreKeyId);
            Store(result.Next);
        }

        // Between any two steps the record goes through its stored form, which reads back to the same bytes.
        private SessionRecord? Load() => _record is null ? null : Party.Parse(_record);

        private void Store(SessionRecord? next)
        {
            _record = next?.Serialize() ?? throw new InvalidDataException("Nothing to store.");
            using SessionRecord again = Party.Parse(_record);
            Assert.Equal(_record, again.Serialize());
            Assert.True(_record.Length <= 1024);
        }

        private static PublicKey Key(JsonElement bundle, string name) =>
            PublicKey.TryParse(bundle.Hex(name), out PublicKey? key) ? key : throw new InvalidDataException(name);
    }
}
