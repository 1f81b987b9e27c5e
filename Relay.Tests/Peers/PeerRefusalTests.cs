using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Relay.Tests.Signal;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Peers;

/// <summary>What must be refused, by them and by us, and that it harms nothing.</summary>
public sealed class PeerRefusalTests
{
    private static readonly byte[] Text = "Schöne Grüße"u8.ToArray();

    [NodeTheory]
    [MemberData(nameof(KnownPeers.Careful), MemberType = typeof(KnownPeers))]
    public async Task A_changed_byte_is_refused_by_them_and_the_genuine_message_still_opens(string peer, SessionProtocols protocol)
    {
        await using PeerDevice them = await PeerDevice.StartAsync(peer, protocol);
        Party us = new(1001, protocol);
        us.Initiate(await them.PublishAsync(oneTime: true));

        await RefuseAsync(us.Write(Text));
        us.Read(await them.WriteAsync(Text));
        await RefuseAsync(us.Write(Text));

        async Task RefuseAsync(SignalCiphertext genuine)
        {
            foreach ((string where, SignalCiphertext changed) in Changed(genuine))
            {
                (byte[]? plaintext, _) = await them.ReadAsync(changed);
                Assert.True(plaintext is null, where);
            }

            Assert.Equal(Text, (await them.ReadAsync(genuine)).Plaintext);
        }
    }

    [NodeTheory]
    [MemberData(nameof(KnownPeers.Careful), MemberType = typeof(KnownPeers))]
    public async Task A_changed_byte_is_refused_by_us_and_the_genuine_message_still_opens(string peer, SessionProtocols protocol)
    {
        await using PeerDevice them = await PeerDevice.StartAsync(peer, protocol);
        Party us = new(1001, protocol);
        Assert.Null(await them.OpenAsync(us.Publish()));

        Refuse(await them.WriteAsync(Text));
        await them.ReadAsync(us.Write(Text));
        Refuse(await them.WriteAsync(Text));

        void Refuse(SignalCiphertext genuine)
        {
            foreach ((string where, SignalCiphertext changed) in Changed(genuine))
            {
                byte[]? before = us.Stored;
                DecryptResult result = us.Read(changed);
                Assert.False(result.IsSuccess, where);
                Assert.Equal(before, us.Stored);
            }

            Assert.Equal(Text, us.Read(genuine).Plaintext);
        }
    }

    [NodeTheory]
    [MemberData(nameof(KnownPeers.CheckingSignatures), MemberType = typeof(KnownPeers))]
    public async Task A_bundle_with_a_changed_signature_is_refused(string peer, SessionProtocols protocol)
    {
        await using PeerDevice them = await PeerDevice.StartAsync(peer, protocol);
        Party us = new(1001, protocol);
        PreKeyBundle bundle = us.Publish();
        byte[] signature = bundle.SignedPreKeySignature.ToArray();
        signature[20] ^= 1;
        Assert.NotNull(await them.OpenAsync(bundle with { SignedPreKeySignature = signature }));
        if (protocol != SessionProtocols.X3dh)
        {
            byte[] kyberSignature = bundle.KyberPreKeySignature.ToArray();
            kyberSignature[20] ^= 1;
            Assert.NotNull(await them.OpenAsync(bundle with { KyberPreKeySignature = kyberSignature }));
        }

        Assert.Null(await them.OpenAsync(bundle));
        Assert.Equal(Text, us.Read(await them.WriteAsync(Text)).Plaintext);
    }

    [NodeTheory]
    [MemberData(nameof(KnownPeers.Careful), MemberType = typeof(KnownPeers))]
    public async Task Our_new_identity_is_refused_until_it_is_trusted(string peer, SessionProtocols protocol)
    {
        await using PeerDevice them = await PeerDevice.StartAsync(peer, protocol);
        Party before = new(1001, protocol);
        Assert.Null(await them.OpenAsync(before.Publish()));
        before.Read(await them.WriteAsync(Text));

        Party after = new(1002, protocol);
        after.Initiate(await them.PublishAsync(oneTime: true));
        SignalCiphertext first = after.Write(Text);
        (byte[]? plaintext, string? refusal) = await them.ReadAsync(first);
        Assert.Null(plaintext);
        Assert.Contains("Untrusted", refusal, StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(await them.OpenAsync(after.Publish()));

        // The session with the identity that it knows goes on, until its user accepts the other one.
        Assert.Equal(Text, (await them.ReadAsync(before.Write(Text))).Plaintext);
        await them.TrustAsync(after.Identity.PublicKey);
        Assert.Equal(Text, (await them.ReadAsync(first)).Plaintext);
        Assert.Equal(Text, after.Read(await them.WriteAsync(Text)).Plaintext);
    }

    [NodeTheory]
    [MemberData(nameof(KnownPeers.Careful), MemberType = typeof(KnownPeers))]
    public async Task Their_new_identity_shows_in_its_first_message_and_opens_another_session(string peer, SessionProtocols protocol)
    {
        await using PeerDevice them = await PeerDevice.StartAsync(peer, protocol);
        Party us = new(1001, protocol);
        us.Initiate(await them.PublishAsync(oneTime: true));
        await them.ReadAsync(us.Write(Text));
        us.Read(await them.WriteAsync(Text));
        PublicKey? known = us.Record()?.RemoteIdentity;

        await them.InstallAsync();
        Assert.Null(await them.OpenAsync(us.Publish()));
        SignalCiphertext first = await them.WriteAsync(Text);

        Assert.True(PreKeySignalMessage.TryParse(first.Bytes, out PreKeySignalMessage? parsed));
        Assert.NotEqual(known, parsed.IdentityKey);
        Assert.Equal(Text, us.Read(first).Plaintext);
        Assert.Equal(parsed.IdentityKey, us.Record()?.RemoteIdentity);
        Assert.Equal(Text, (await them.ReadAsync(us.Write(Text))).Plaintext);
    }

    [NodeTheory]
    [MemberData(nameof(KnownPeers.Careful), MemberType = typeof(KnownPeers))]
    public async Task A_one_time_pre_key_opens_one_session(string peer, SessionProtocols protocol)
    {
        await using PeerDevice them = await PeerDevice.StartAsync(peer, protocol);
        Party us = new(1001, protocol);
        PreKeyBundle theirs = await them.PublishAsync(oneTime: true);
        us.Initiate(theirs);
        SignalCiphertext first = us.Write(Text);
        Assert.NotNull((await them.ReadAsync(first)).Plaintext);
        Assert.NotNull((await them.ReadAsync(first)).Refusal);
        us.Initiate(theirs);
        Assert.NotNull((await them.ReadAsync(us.Write(Text))).Refusal);

        PreKeyBundle ours = us.Publish();
        Assert.Null(await them.OpenAsync(ours));
        first = await them.WriteAsync(Text);
        Assert.Equal(SessionOutcome.Success, us.Read(first).Outcome);
        Assert.Equal(SessionOutcome.Duplicate, us.Read(first).Outcome);
        Assert.Null(await them.OpenAsync(ours));
        Assert.Equal(SessionOutcome.UnknownPreKey, us.Read(await them.WriteAsync(Text)).Outcome);
    }

    [NodeFact]
    public async Task Names_that_are_service_ids_are_bound_to_a_first_message()
    {
        SignalAddress peer = SignalAddress.Aci(new Guid("8c78cd2a-16ff-427d-83dc-1a5e36ce713d"), 1);
        SignalAddress relay = SignalAddress.Aci(new Guid("3f2c7a11-0b6e-4c5e-9a55-5d9f6f1b2a34"), 1);
        SessionOptions known = new() { Local = relay, Remote = peer };
        SessionOptions mistaken = new() { Local = relay, Remote = SignalAddress.Pni(peer.Uuid, 1) };
        await using PeerDevice them = await PeerDevice.StartAsync(
            "libsignal-client-0.103.0", SessionProtocols.PqxdhSpqr, peer.Uuid.ToString("D"), relay.Uuid.ToString("D"));
        Party us = new(1001, SessionProtocols.PqxdhSpqr);
        us.Initiate(await them.PublishAsync(oneTime: true));

        us.Options = mistaken;
        Assert.NotNull((await them.ReadAsync(us.Write(Text))).Refusal);
        us.Options = known;
        Assert.Equal(Text, (await them.ReadAsync(us.Write(Text))).Plaintext);

        Assert.Null(await them.OpenAsync(us.Publish()));
        SignalCiphertext first = await them.WriteAsync(Text);
        us.Options = mistaken;
        Assert.Equal(SessionOutcome.WrongAddresses, us.Read(first).Outcome);
        us.Options = known;
        Assert.Equal(Text, us.Read(first).Plaintext);
    }

    [NodeTheory]
    [InlineData(SessionProtocols.X3dh)]
    [InlineData(SessionProtocols.Pqxdh)]
    public async Task The_newest_libsignal_takes_nothing_weaker_than_PQXDH_with_SPQR(SessionProtocols protocol)
    {
        await using PeerDevice them = await PeerDevice.StartAsync("libsignal-client-0.103.0", SessionProtocols.PqxdhSpqr);
        Party us = new(1001, protocol);
        us.Initiate(await them.PublishAsync(oneTime: true));
        (byte[]? plaintext, string? refusal) = await them.ReadAsync(us.Write(Text));
        Assert.Null(plaintext);
        Assert.Contains(protocol == SessionProtocols.X3dh ? "X3DH" : "decryption failed", refusal, StringComparison.Ordinal);
    }

    /// <summary>
    /// One changed bit in each byte. Left out is the registration id of a first message, which nothing authenticates; of a first
    /// message's version byte, only the upper half means something.
    /// </summary>
    private static IEnumerable<(string Where, SignalCiphertext Changed)> Changed(SignalCiphertext genuine)
    {
        (int hintStart, int hintEnd) = genuine.Kind == SignalMessageKind.PreKey ? RegistrationIdOf(genuine.Bytes) : (0, 0);
        for (int i = 0; i < genuine.Bytes.Length; i++)
        {
            if (i < hintStart || i >= hintEnd)
            {
                byte[] bytes = [.. genuine.Bytes];
                bytes[i] ^= (byte)(i == 0 ? 0x10 : 1 << (i % 8));
                yield return ($"{genuine.Kind}, byte {i} of {bytes.Length}", new SignalCiphertext(genuine.Kind, bytes));
            }
        }
    }

    /// <summary>Field 5, which everyone writes right after the message, field 4.</summary>
    private static (int Start, int End) RegistrationIdOf(byte[] bytes)
    {
        const byte Tag = 5 << 3;
        Assert.True(PreKeySignalMessage.TryParse(bytes, out PreKeySignalMessage? message));
        byte[] inner = message.Inner.Bytes.ToArray();
        int start = bytes.AsSpan().IndexOf(inner) + inner.Length;
        Assert.Equal(Tag, bytes[start]);
        int end = start + 1;
        while (bytes[end] >= 0x80)
        {
            end++;
        }

        return (start, end + 1);
    }
}
