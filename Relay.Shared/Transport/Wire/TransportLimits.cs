namespace Relay.Shared.Transport.Wire;

/// <summary>Every limit of the transport's API (docs/transport.openapi.yaml).</summary>
public static class TransportLimits
{
    /// <summary>One Signal message, in bytes before base64: what fits one queue message after sealing and base64.</summary>
    public const int MaxEnvelopeBytes = 45 * 1024;

    /// <summary>Envelopes in one fetch end with the one that reaches this many bytes of content.</summary>
    public const int MaxFetchBytes = 1024 * 1024;

    /// <summary>The name of a business, in characters.</summary>
    public const int MaxBusinessLength = 64;

    /// <summary>What a user may attach to a report, sealed, in bytes before base64.</summary>
    public const int MaxReportBytes = 8 * 1024;

    /// <summary>What is attached is padded to whole steps of so many bytes before it is sealed, so that its length says little.</summary>
    public const int ReportStep = 256;

    /// <summary>By how many bytes a sealed box is longer than what is in it: an ephemeral public key and a MAC.</summary>
    public const int ReportSealBytes = 48;

    /// <summary>The operator's public key for what is attached to reports: X25519.</summary>
    public const int ReportKeyBytes = 32;

    /// <summary>Reports in one page.</summary>
    public const int MaxReportsPerPage = 100;

    /// <summary>A request body, in bytes.</summary>
    public const int MaxBodyBytes = 128 * 1024;

    /// <summary>One attachment, in encrypted bytes: a file of 100 MB with its padding, initialisation vector and MAC.</summary>
    public const int MaxAttachmentBytes = 112 * 1024 * 1024;

    /// <summary>What a device may upload in attachments on one day (UTC), about.</summary>
    public const long MaxAttachmentBytesPerDay = 2L * 1024 * 1024 * 1024;

    /// <summary>The same for a business number, which sends to many.</summary>
    public const long MaxAttachmentBytesPerBusinessDay = 200L * 1024 * 1024 * 1024;

    /// <summary>Attachments that a device may upload on one day (UTC), about; a business number, a hundred times as many.</summary>
    public const int MaxAttachmentsPerDay = 1_000;

    /// <summary>One-time pre-keys in one upload.</summary>
    public const int MaxPreKeysPerUpload = 100;

    /// <summary>One-time pre-keys kept for one device.</summary>
    public const int MaxPreKeysStored = 200;

    /// <summary>One-time Kyber pre-keys in one upload: with a hundred others beside them they fit a body.</summary>
    public const int MaxKyberPreKeysPerUpload = 40;

    /// <summary>One-time Kyber pre-keys kept for one device.</summary>
    public const int MaxKyberPreKeysStored = 100;

    /// <summary>Envelopes in one fetch.</summary>
    public const int MaxEnvelopesPerFetch = 50;

    /// <summary>Handles in one acknowledgement.</summary>
    public const int MaxHandlesPerAcknowledgement = 100;

    /// <summary>The longest wait of a fetch, in seconds.</summary>
    public const int MaxWaitSeconds = 30;

    /// <summary>Guesses at one verification code.</summary>
    public const int MaxCodeAttempts = 5;

    /// <summary>Verification codes for one number in one hour (UTC).</summary>
    public const int MaxRegistrationsPerHour = 6;

    /// <summary>Verification codes for one number in one day (UTC).</summary>
    public const int MaxRegistrationsPerDay = 24;

    /// <summary>How long a verification code lives.</summary>
    public static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(10);

    /// <summary>How far a signed push's timestamp may be from the receiver's clock, either way.</summary>
    public static readonly TimeSpan PushTolerance = TimeSpan.FromMinutes(5);
}
