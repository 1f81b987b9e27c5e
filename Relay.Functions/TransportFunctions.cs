using Microsoft.Extensions.DependencyInjection;
using Relay.Functions.Devices;
using Relay.Functions.Http;
using Relay.Shared.Readiness;

namespace Relay.Functions;

/// <summary>Registers the transport's function classes and what they answer with.</summary>
public static class TransportFunctions
{
    public static IServiceCollection AddTransportFunctions(this IServiceCollection services) => services
        .AddDoorsOfEveryRole()
        .AddSingleton<TransportEndpoint>()
        .AddSingleton<TransportCallers>()
        .AddSingleton<AttachmentEndpoint>()
        .AddSingleton<TransferSlots>()
        .AddScoped<RegistrationFunctions>()
        .AddScoped<DeviceKeyFunctions>()
        .AddScoped<EnvelopeFunctions>()
        .AddScoped<AttachmentFunctions>()
        .AddScoped<PushFunctions>()
        .AddScoped<StandingFunctions>()
        .AddScoped<StatisticsFunctions>()
        .AddScoped<OperatorFunctions>()
        .AddScoped<ReportFunctions>()
        .AddSingleton<TransportReadiness>()
        .AddSingleton<TransportReadinessFunctions>()
        .AddScoped<TransportMaintenanceFunctions>();
}
