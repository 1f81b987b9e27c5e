using Microsoft.Extensions.DependencyInjection;
using Relay.Functions.Accounts;
using Relay.Functions.Billing;
using Relay.Functions.Delivery;
using Relay.Functions.Erasure;
using Relay.Functions.Health;
using Relay.Functions.History;
using Relay.Functions.Http;
using Relay.Functions.Inbound;
using Relay.Functions.Maintenance;
using Relay.Functions.Media;
using Relay.Functions.Messages;
using Relay.Functions.Nodes;
using Relay.Functions.PhoneNumbers;
using Relay.Functions.Proof;
using Relay.Functions.Replay;
using Relay.Functions.Templates;
using Relay.Functions.Webhooks;
using Relay.Shared.Readiness;

namespace Relay.Functions;

/// <summary>Composes the doors; what lies behind them is <c>AddRelay</c>'s. All are stateless, so one instance each.</summary>
public static class RelayFunctions
{
    public static IServiceCollection AddRelayFunctions(this IServiceCollection services)
    {
        return services
            .AddDoorsOfEveryRole()
            .AddSingleton<GraphEndpoint>()
            .AddSingleton<PushEndpoint>()
            .AddSingleton<MessageFunctions>()
            .AddSingleton<SettingsFunctions>()
            .AddSingleton<RegistrationFunctions>()
            .AddSingleton<ProfileFunctions>()
            .AddSingleton<BlockFunctions>()
            .AddSingleton<EncryptionFunctions>()
            .AddSingleton<AutomationFunctions>()
            .AddSingleton<QrCodeFunctions>()
            .AddSingleton<QrCodeNodeFunctions>()
            .AddSingleton<QrCodeUpdateFunctions>()
            .AddSingleton<QrImageFunctions>()
            .AddSingleton<VerificationFunctions>()
            .AddSingleton<AccountNumberFunctions>()
            .AddSingleton<AppEndpoint>()
            .AddSingleton<AppSubscriptionFunctions>()
            .AddSingleton<AppTokenFunctions>()
            .AddSingleton<OutOfScopeFunctions>()
            .AddSingleton<AccountNodes>()
            .AddSingleton<INodeKind, TemplateNodes>()
            .AddSingleton<INodeKind, MediaNodes>()
            .AddSingleton<MediaEndpoint>()
            .AddSingleton<TransferSlots>()
            .AddSingleton<MediaFunctions>()
            .AddSingleton<NodeFunctions>()
            .AddSingleton<TemplateFunctions>()
            .AddSingleton<SubscribedAppsFunctions>()
            .AddSingleton<SafetyNumberFunctions>()
            .AddSingleton<HistoryFunctions>()
            .AddSingleton<ReplayFunctions>()
            .AddSingleton<ContactFunctions>()
            .AddSingleton<ReceiptFunctions>()
            .AddSingleton<AuditFunctions>()
            .AddSingleton<SigningKeyFunctions>()
            .AddSingleton<PrivacyFunctions>()
            .AddSingleton<BillingFunctions>()
            .AddSingleton<InboundFunctions>()
            .AddSingleton<DeliveryFunctions>()
            .AddSingleton<PoisonFunctions>()
            .AddSingleton<MaintenanceFunctions>()
            .AddSingleton<StandingWatchFunctions>()
            .AddSingleton<RelayReadiness>()
            .AddSingleton<ReadinessFunctions>();
    }
}
