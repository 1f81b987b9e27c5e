using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Relay.Shared.Transport.Attachments;
using Relay.Shared.Transport.Blocks;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Tallies;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Pushes;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Statistics;

namespace Relay.Shared.Hosting;

/// <summary>The transport role without a host.</summary>
public static class TransportServices
{
    /// <summary>
    /// Registers the transport. The caller registers <c>TransportStorage</c>, <c>TransportKeys</c>, <see cref="TimeProvider"/> and
    /// logging, and may register an <see cref="IVerificationCodeSender"/> or a <see cref="PushChannel"/> of its own beforehand.
    /// </summary>
    public static IServiceCollection AddTransport(this IServiceCollection services, TransportOptions options)
    {
        RelaySettings.RefuseOneKeyForBoth(options.RegistrationKey, options.OperatorKey);
        services.AddSingleton(options);
        services.AddSingleton(new MailboxLooks(options.MailboxFirstLook));
        services.AddSingleton(new NewBusinessTier(options.FirstTier)).AddSingleton(options.DeviceLimits).AddSingleton<LimitDevices>();
        services.TryAddSingleton<IVerificationCodeSender>(_ => new LocalCodeSender(options.CodeOutput, options.CodeDirectory));
        services.TryAddSingleton(provider => PushChannel.Create(provider.GetRequiredService<TimeProvider>()));
        return services
            .AddSingleton<NumberHasher>()
            .AddRegistrations()
            .AddPreKeys()
            .AddMailboxes()
            .AddAttachments()
            .AddIntegrity()
            .AddSingleton<TransportExpiryIndex>()
            .AddSingleton<DeleteExpiredEnvelopes>();
    }

    private static IServiceCollection AddIntegrity(this IServiceCollection services) => services
        .AddSingleton<SketchItems>()
        .AddSingleton<SketchStore>()
        .AddSingleton<TallyStore>()
        .AddSingleton<ListedBusinesses>()
        .AddSingleton<StandingStore>()
        .AddSingleton<RecipientWindows>()
        .AddSingleton<CountTraffic>()
        .AddSingleton<CloseDays>()
        .AddSingleton<ReleaseStore>()
        .AddSingleton<PublishStatistics>()
        .AddSingleton<ListReleases>()
        .AddSingleton<Complaints>()
        .AddSingleton<ReportTokens>()
        .AddSingleton<ReportStore>()
        .AddSingleton<ReportInbox>()
        .AddSingleton<ReportKeyStore>()
        .AddSingleton<ReportKey>()
        .AddSingleton<ReviewReports>()
        .AddSingleton<ReportMessage>()
        .AddSingleton<UserBlockStore>()
        .AddSingleton<ChangeBlock>()
        .AddSingleton<ListBlocks>()
        .AddSingleton<AdmitMessage>()
        .AddSingleton<ShowStanding>()
        .AddSingleton<ShowSignals>()
        .AddSingleton<SetStanding>()
        .AddSingleton<EndSignals>()
        .AddSingleton<ListStandings>()
        .AddSingleton<CheckReach>()
        .AddSingleton<SignalCleaning>()
        .AddSingleton<RateBusinesses>();

    private static IServiceCollection AddRegistrations(this IServiceCollection services) => services
        .AddSingleton<AccountStore>()
        .AddSingleton<RegistrationStore>()
        .AddSingleton<KnownAccounts>()
        .AddSingleton<FindAccount>()
        .AddSingleton<AssignNumber>()
        .AddSingleton<ReleaseNumber>()
        .AddSingleton<AuthenticateDevice>()
        .AddSingleton<StartRegistration>()
        .AddSingleton<VerifyRegistration>()
        .AddSingleton<RegisterBusinessNumber>();

    private static IServiceCollection AddPreKeys(this IServiceCollection services) => services
        .AddSingleton<OneTimeKeyStore>()
        .AddSingleton<DeviceKeyStore>()
        .AddSingleton<UploadKeys>()
        .AddSingleton<CountKeys>()
        .AddSingleton<TakeBundle>()
        .AddSingleton<FindIdentity>();

    private static IServiceCollection AddAttachments(this IServiceCollection services) => services
        .AddSingleton<AttachmentQuota>()
        .AddSingleton<PutAttachment>()
        .AddSingleton<OpenAttachment>()
        .AddSingleton<DeleteAttachments>();

    private static IServiceCollection AddMailboxes(this IServiceCollection services) => services
        .AddSingleton<EnvelopeSealer>()
        .AddSingleton<MailboxStore>()
        .AddSingleton<MailboxSignal>()
        .AddSingleton<MoveEnvelope>()
        .AddSingleton<SendEnvelope>()
        .AddSingleton<FetchEnvelopes>()
        .AddSingleton<AcknowledgeEnvelopes>()
        .AddSingleton<PushQueue>()
        .AddSingleton<PushTurns>()
        .AddSingleton<PushEnvelope>()
        .AddSingleton<TimerPosition>()
        .AddSingleton<SweepPushes>()
        .AddSingleton<DropPoisonedPush>();
}
