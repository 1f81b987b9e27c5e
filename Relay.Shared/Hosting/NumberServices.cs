using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Apps;
using Relay.Shared.Accounts.Nodes;
using Relay.Shared.Analytics;
using Relay.Shared.Billing;
using Relay.Shared.Details;
using Relay.Shared.PhoneNumbers.Automation;
using Relay.Shared.PhoneNumbers.Blocking;
using Relay.Shared.PhoneNumbers.Encryption;
using Relay.Shared.PhoneNumbers.Nodes;
using Relay.Shared.PhoneNumbers.Profile;
using Relay.Shared.PhoneNumbers.QrCodes;
using Relay.Shared.PhoneNumbers.Registration;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Hosting;

/// <summary>What a business sees and sets of its numbers, account and app; part of <c>AddRelay</c>.</summary>
internal static class NumberServices
{
    internal static IServiceCollection AddNumbers(this IServiceCollection services)
    {
        services.TryAddSingleton<INumberCodeSender>(_ => new PrintNumberCode(Console.Out));
        return services
            .AddSingleton(provider => new DetailStore(Tables(provider), provider.GetRequiredService<RelayKeys>().Sealer))
            .AddSingleton<ListPages>()
            .AddSingleton<ShowNumber>()
            .AddSingleton<ListNumbers>()
            .AddSingleton<ShowNode>()
            .AddSingleton<ChangeNode>()
            .AddRegistration()
            .AddSettings()
            .AddBlocking()
            .AddApps()
            .AddAnalytics();
    }

    private static IServiceCollection AddRegistration(this IServiceCollection services) => services
        .AddSingleton<AddNumber>()
        .AddSingleton<VerifyNumber>()
        .AddSingleton<RegisterAgain>()
        .AddSingleton<TwoStepPin>();

    private static IServiceCollection AddSettings(this IServiceCollection services) => services
        .AddSingleton<NumberProfile>()
        .AddSingleton<BusinessEncryption>()
        .AddSingleton<ConversationalAutomation>()
        .AddSingleton(provider => new QrAddresses(provider.GetRequiredService<RelayAddresses>(), provider.GetRequiredService<RelayOptions>().DeepLinkBaseUrl))
        .AddSingleton<DrawQrCode>()
        .AddSingleton<NumberQrCodes>();

    private static IServiceCollection AddBlocking(this IServiceCollection services) => services
        .AddSingleton(provider => new BlockStore(Tables(provider), provider.GetRequiredService<RelayKeys>().Sealer, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new BlockNames(provider.GetRequiredService<RelayKeys>().Ring))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<RecentContact>(provider, Tables(provider)))
        .AddSingleton<BlockList>()
        .AddSingleton<BlockUsers>()
        .AddSingleton<ListBlocked>();

    private static IServiceCollection AddApps(this IServiceCollection services) => services
        .AddSingleton<FindApp>()
        .AddSingleton<AuthorizeApp>()
        .AddSingleton<IssueAppToken>()
        .AddSingleton<DebugToken>()
        .AddSingleton<AppSubscriptions>();

    private static IServiceCollection AddAnalytics(this IServiceCollection services) => services
        .AddSingleton(provider => new CountStore(Tables(provider)))
        .AddSingleton<MessageCounts>()
        .AddSingleton<ShowAnalytics>()
        .AddSingleton<KeepUsage>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<RecountDay>(provider, Tables(provider)))
        .AddSingleton<SettleUsage>()
        .AddSingleton<ReadBill>()
        .AddSingleton<ShowBill>()
        .AddSingleton<ShowBillOf>();

    private static ITableStore Tables(IServiceProvider provider) => provider.GetRequiredService<RelayStorage>().Tables;
}
