using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Conversations.Walking;
using Relay.Shared.Erasure;
using Relay.Shared.History;
using Relay.Shared.Idempotency;
using Relay.Shared.Integrity;
using Relay.Shared.Integrity.Watching;
using Relay.Shared.Limits;
using Relay.Shared.Maintenance;
using Relay.Shared.Media;
using Relay.Shared.Messaging;
using Relay.Shared.PreKeys;
using Relay.Shared.Proof;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Proof.Privacy;
using Relay.Shared.Proof.Receipts;
using Relay.Shared.Replay;
using Relay.Shared.RoleCalls;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Templates;
using Relay.Shared.Transport.Client;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Hosting;

/// <summary>The relay role without a host: the one composition that worker, local host, tests and benchmarks share.</summary>
public static class RelayServices
{
    /// <summary>
    /// Registers the relay. The caller registers <see cref="RelayStorage"/>, <see cref="RelayKeys"/>, <see cref="TimeProvider"/> and
    /// logging, and may register <see cref="OutgoingHttp"/> and a sender of codes of its own beforehand.
    /// </summary>
    public static IServiceCollection AddRelay(this IServiceCollection services, RelayOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(new StampEra(options.Era));
        RoleKeys registrationKeys = new(options.RegistrationKey);
        services.AddSingleton(provider => new RelayAddresses(options.PublicBaseUrl, new RoleSigner(registrationKeys, Time(provider))));
        services.AddSingleton(options.Limits);
        services.AddSingleton(new ServiceWindowRule(options.EnforcesServiceWindow));
        services.AddSingleton(options.Stamps);
        services.AddSingleton(new WebhookAddressPolicy(options.AllowLoopbackWebhooks));
        services.TryAddSingleton<RetryJitter>();
        services.TryAddSingleton(_ => OutgoingHttp.Create(options.AllowLoopbackWebhooks));
        services.AddSingleton(provider => new TransportClient(provider.GetRequiredService<OutgoingHttp>().Transport, options.TransportBaseUrl));
        services.AddSingleton(provider => new WebhookClient(
            provider.GetRequiredService<OutgoingHttp>().Webhooks, provider.GetRequiredService<TimeProvider>()));
        return services.AddAccounts().AddNumbers().AddTemplates().AddConversations().AddLimits().AddMedia().AddMessaging().AddHistory().AddErasure().AddProof().AddMaintenance();
    }

    private static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddSingleton(provider => new BusinessStore(Tables(provider), Seal(provider)))
        .AddSingleton(provider => new NumberStore(Tables(provider), Seal(provider)))
        .AddSingleton(provider => new SubscriptionStore(Tables(provider), Seal(provider)))
        .AddSingleton(provider => new PreKeyStore(Tables(provider), Seal(provider)))
        .AddSingleton<MakePreKeys>()
        .AddSingleton<KeepPreKeys>()
        .AddSingleton(provider => new TokenStore(Tables(provider)))
        .AddSingleton<AccountDirectory>()
        .AddSingleton<IRetentionPeriods>(provider => provider.GetRequiredService<AccountDirectory>())
        .AddSingleton<IAuthorize, Authorize>()
        .AddSingleton(provider => new SystemUserStore(Tables(provider), Seal(provider)))
        .AddSingleton<AccessTokens>()
        .AddSingleton<CreateBusiness>()
        .AddSingleton<RegisterNumber>()
        .AddSingleton<NumberSettings>()
        .AddSingleton<SetSignalPolicy>()
        .AddSingleton<SetThroughput>()
        .AddSingleton<VerifyEndpoint>()
        .AddSingleton<OverrideWebhook>()
        .AddSingleton<Subscribers>()
        .AddSingleton<SetReplayWindow>()
        .AddSingleton<SetWebhook>();

    private static IServiceCollection AddTemplates(this IServiceCollection services) => services
        .AddSingleton(provider => new TemplateStore(Tables(provider), Seal(provider)))
        .AddSingleton(provider => new TemplateIds(Keys(provider).Ring))
        .AddSingleton<TemplateDirectory>()
        .AddSingleton<TemplateAccess>()
        .AddSingleton<ListTemplates>()
        .AddSingleton<ShowTemplate>()
        .AddSingleton<CreateTemplate>()
        .AddSingleton<EditTemplate>()
        .AddSingleton<DeleteTemplates>()
        .AddSingleton<RenderTemplate>();

    private static IServiceCollection AddConversations(this IServiceCollection services) => services
        .AddSingleton(provider => new LookupStore(Tables(provider), Keys(provider).Ring, Time(provider)))
        .AddSingleton(provider => new LookupErasure(
            provider.GetRequiredService<LookupStore>(), Tables(provider), Keys(provider).Ring, Time(provider)))
        .AddSingleton(provider => new ExpiryIndex(Tables(provider), Time(provider)))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<DueIndex>(provider, Tables(provider)))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<ConversationStore>(provider, Tables(provider), Seal(provider)));

    private static IServiceCollection AddLimits(this IServiceCollection services) => services
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<QueueBacklog>(provider, Queues(provider)))
        .AddSingleton<BackPressure>()
        .AddSingleton<SendLimits>()
        .AddSingleton(provider => new ClaimStore(Tables(provider), Time(provider)))
        .AddSingleton(provider => new NameRequest(Keys(provider).Ring))
        .AddSingleton<AcceptOnce>();

    private static IServiceCollection AddMedia(this IServiceCollection services) => services
        .AddSingleton(provider => new MediaIds(Keys(provider).Ring))
        .AddSingleton(provider => new MediaStore(Tables(provider), Seal(provider)))
        .AddSingleton(provider => new MediaBlobs(provider.GetRequiredService<RelayStorage>().Blobs, Seal(provider)))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<MediaUrls>(provider, Keys(provider).Ring))
        .AddSingleton(provider => new LinkStore(Tables(provider), Seal(provider), Keys(provider).Ring, Time(provider)))
        .AddSingleton<RemoveFiles>()
        .AddSingleton<UploadMedia>()
        .AddSingleton<FindMedia>()
        .AddSingleton<ShowMedia>()
        .AddSingleton<DeleteMedia>()
        .AddSingleton<DownloadMedia>()
        .AddSingleton<FetchLink>()
        .AddSingleton<LinkedMedia>()
        .AddSingleton<DeviceUploads>()
        .AddSingleton<CheckMedia>()
        .AddSingleton<AttachMedia>()
        .AddSingleton<TakeMedia>();

    private static IServiceCollection AddMessaging(this IServiceCollection services) => services
        .AddSingleton(provider => new MessageIds(Keys(provider).Ring))
        .AddSingleton(provider => new UserIds(Keys(provider).Ring))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<WorkQueue>(provider, Queues(provider), Seal(provider)))
        .AddSingleton<ConversationGate>()
        .AddSingleton<IMessageIntake, MessageIntake>()
        .AddSingleton<FindRecipient>()
        .AddSingleton<PrepareMessage>()
        .AddSingleton<AttachFile>()
        .AddSingleton<TakeFile>()
        .AddSingleton<BusinessStandings>()
        .AddSingleton<RefuseApproach>()
        .AddSingleton<AcceptMessage>()
        .AddSingleton<AcceptReadReceipt>()
        .AddSingleton<AcceptEnvelope>()
        .AddSingleton<OutboundCipher>()
        .AddSingleton<InboundCipher>()
        .AddSingleton<InboundCommit>()
        .AddSingleton<StatusWebhooks>()
        .AddSingleton<ShowSafetyNumber>()
        .AddSingleton<RetryReceipts>()
        .AddSingleton<EncryptAgain>()
        .AddSingleton<HandOver>()
        .AddSingleton<FailMessage>()
        .AddSingleton<EndOverdue>()
        .AddSingleton<ConversationBatches<OutboundDelivery>>()
        .AddSingleton<EncryptBatch>()
        .AddSingleton<DeliverBatch>()
        .AddSingleton<DeliverMessage>()
        .AddSingleton<ReceiveEnvelope>()
        .AddSingleton<ConversationBatches<InboundDelivery>>()
        .AddSingleton<ReceiveBatch>()
        .AddSingleton<ReceiveMessage>()
        .AddSingleton<EndpointBreakers>()
        .AddSingleton<EndpointSlots>()
        .AddSingleton<EndpointHealth>()
        .AddSingleton<TellBacklog>()
        .AddSingleton<DispatchWebhook>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<WebhookQueue>(provider, Queues(provider)))
        .AddSingleton<TellLedger>()
        .AddSingleton<TellBusiness>()
        .AddSingleton<RetryWebhook>();

    private static IServiceCollection AddHistory(this IServiceCollection services) => services
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<ConversationWalks>(provider, Tables(provider)))
        .AddSingleton(provider => new OpaqueBytes(Keys(provider).Ring))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<HistoryMessages>(provider, Tables(provider)))
        .AddSingleton<HistoryIds>()
        .AddSingleton<HistoryCursors>()
        .AddSingleton<HistoryPaging>()
        .AddSingleton<HistoryAccess>()
        .AddSingleton<HistoryEvents>()
        .AddSingleton<HistoryEntries>()
        .AddSingleton<ListHistory>()
        .AddSingleton<ListHistoryEvents>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<AcceptReplay>(provider, Queues(provider)))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<ReplayWebhooks>(provider, Queues(provider)));

    private static IServiceCollection AddErasure(this IServiceCollection services) => services
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<ConversationDeletion>(provider, Tables(provider)))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<BusinessData>(provider, Tables(provider)))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<CloseBusiness>(provider, Queues(provider)))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<RunErasure>(provider, Queues(provider)))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<EraseContact>(provider, Queues(provider)))
        .AddSingleton<ErasureReceipts>()
        .AddSingleton<ExportContact>();

    private static IServiceCollection AddProof(this IServiceCollection services) => services
        .AddSingleton(provider => new ReceiptStore(Tables(provider)))
        .AddSingleton(provider => new DeletionTally(Tables(provider)))
        .AddSingleton(provider => new AuditStore(Tables(provider)))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<IssueReceipt>(provider, Keys(provider).Ring))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<IssueDayReceipts>(provider, Keys(provider).Ring))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<SignAudits>(provider, Keys(provider).Ring))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<ShowPrivacy>(provider, Keys(provider).Ring))
        .AddSingleton(provider => new ShowSigningKeys(Keys(provider).Ring))
        .AddSingleton<ListReceipts>()
        .AddSingleton<RecordAccess>()
        .AddSingleton<ListAudit>();

    private static IServiceCollection AddMaintenance(this IServiceCollection services) => services
        .AddSingleton(provider => new ParkedStore(Tables(provider)))
        .AddSingleton<EndParked>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<ConversationSweep>(provider, Tables(provider)))
        .AddSingleton<SweepDays>()
        .AddSingleton<SweepMedia>()
        .AddSingleton<DeleteExpired>()
        .AddSingleton<RotateKeys>()
        .AddSingleton<EraseTold>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<EraseDue>(provider, Tables(provider)))
        .AddSingleton<KeepPreKeysStocked>()
        .AddSingleton<WatchStandings>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<HandlePoison>(provider, Queues(provider)))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<ReplayParked>(provider, Queues(provider)));

    private static ITableStore Tables(IServiceProvider provider) => provider.GetRequiredService<RelayStorage>().Tables;

    private static IQueueStore Queues(IServiceProvider provider) => provider.GetRequiredService<RelayStorage>().Queues;

    private static RelayKeys Keys(IServiceProvider provider) => provider.GetRequiredService<RelayKeys>();

    private static Sealer Seal(IServiceProvider provider) => Keys(provider).Sealer;

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
