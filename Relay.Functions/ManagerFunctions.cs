using Microsoft.Extensions.DependencyInjection;
using Relay.Functions.Admin;
using Relay.Functions.Http;

namespace Relay.Functions;

/// <summary>Registers the business manager's function classes and what they answer with.</summary>
public static class ManagerFunctions
{
    public static IServiceCollection AddManagerFunctions(this IServiceCollection services) => services
        .AddDoorsOfEveryRole()
        .AddSingleton<AdminEndpoint>()
        .AddSingleton<AdminFunctions>()
        .AddSingleton<StampEndpoint>()
        .AddSingleton<AdminStampFunctions>()
        .AddSingleton<AdminSettingFunctions>()
        .AddSingleton<AdminNumberFunctions>()
        .AddSingleton<AdminSystemUserFunctions>()
        .AddSingleton<AdminTokenFunctions>()
        .AddSingleton<AdminWebhookFunctions>()
        .AddSingleton<AdminSubscriberFunctions>()
        .AddSingleton<AdminProofFunctions>()
        .AddSingleton<AdminPeopleFunctions>()
        .AddSingleton<AdminHealthFunctions>()
        .AddSingleton<AdminBillingFunctions>()
        .AddSingleton<AdminStatisticsFunctions>()
        .AddSingleton<AdminIntegrityFunctions>()
        .AddSingleton<AdminClosureFunctions>();
}
