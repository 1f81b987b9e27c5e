using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Shared.Administration.Entra;
using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Relay.Shared.Stamps;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;

namespace Relay.LocalHost;

/// <summary>What a local Relay runs on. By default: memory, keys in memory, a free port, real time.</summary>
public sealed record LocalRelayOptions
{
    internal static readonly TimeSpan UsualMessageHiddenFor = TimeSpan.FromSeconds(6);

    /// <summary>The three accounts; fresh ones in memory unless given.</summary>
    public RelayStorage? RelayStorage { get; init; }

    public TransportStorage? TransportStorage { get; init; }

    public ManagerStorage? ManagerStorage { get; init; }

    /// <summary>The development keys; in memory unless given.</summary>
    public LocalKeyFile RelayKeys { get; init; } = LocalKeyFile.InMemory();

    public LocalKeyFile TransportKeys { get; init; } = LocalKeyFile.InMemory();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Random unless given.</summary>
    public Secret AdminToken { get; init; } = RandomSecret();

    /// <summary>Whether the admin token opens nothing.</summary>
    public bool IsAdminTokenDisabled { get; init; }

    /// <summary>The directory whose people the admin API lets in; none unless given.</summary>
    public EntraDirectory? Entra { get; init; }

    /// <summary>What business numbers are registered with, and what an operator asks the transport with: two keys.</summary>
    public Secret RegistrationKey { get; init; } = RandomSecret();

    public Secret OperatorKey { get; init; } = RandomSecret();

    /// <summary>Where verification codes are printed.</summary>
    public TextWriter CodeOutput { get; init; } = TextWriter.Null;

    /// <summary>Where verification codes are left for scripts.</summary>
    public string? CodeDirectory { get; init; }

    /// <summary>The relay's ways out; the real ones unless given.</summary>
    public OutgoingHttp? OutgoingHttp { get; init; }

    /// <summary>The transport, as the relay reaches it; this process itself unless given.</summary>
    public Uri? TransportBaseUrl { get; init; }

    /// <summary>
    /// How long a message that a killed process had taken stays hidden (Azure's listener: 10 minutes); renewed at half, so that a first webhook
    /// attempt (3 s) needs no renewal. Short: one that is hit by three kills in a row is to be back within half a minute.
    /// </summary>
    public TimeSpan MessageHiddenFor { get; init; } = UsualMessageHiddenFor;

    /// <summary>When a waiting fetch of a device first looks into storage again. This process is the only one, and tells it of what comes.</summary>
    public TimeSpan MailboxFirstLook { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The messaging tier of a new business; <see cref="MessagingTier.Unlimited"/> for load.</summary>
    public MessagingTier FirstTier { get; init; } = MessagingTier.Tier250;

    /// <summary>How much a user's device may do; <see cref="DeviceLimits.Lifted"/> for load.</summary>
    public DeviceLimits DeviceLimits { get; init; } = new();

    /// <summary>Whether the service window is enforced; not unless given: whoever tries Relay out writes first.</summary>
    public bool EnforcesServiceWindow { get; init; }

    public bool RunPumps { get; init; } = true;

    public bool DeliverTwice { get; init; }

    /// <summary>The stamp's era.</summary>
    public int Era { get; init; } = 1;

    /// <summary>The regions that other stamps serve: where their Cloud API is, where their managers are, and what managers share. None unless given.</summary>
    public StampMap Stamps { get; init; } = StampMap.None;

    public StampMap ManagerStamps { get; init; } = StampMap.None;

    public Secret? StampKey { get; init; }

    /// <summary>Where metrics and spans are sent to, by the names of OTLP's environment variables; nowhere unless given.</summary>
    public Func<string, string?> TelemetrySetting { get; init; } = _ => null;

    /// <summary>How much is accepted; <see cref="RelayLimits.Lifted"/> for load.</summary>
    public RelayLimits Limits { get; init; } = new();

    /// <summary>Runs after the composition: for tests that put a decorator around something.</summary>
    public Action<IServiceCollection> Customize { get; init; } = _ => { };

    public Action<ILoggingBuilder> ConfigureLogging { get; init; } = _ => { };

    public Action<string, Exception>? OnFault { get; init; }

    public override string ToString() => nameof(LocalRelayOptions);

    private static Secret RandomSecret() => new(Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
}
