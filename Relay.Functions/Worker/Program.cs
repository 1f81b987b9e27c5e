using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Relay.Functions;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddConfiguredRelay(name => builder.Configuration[name.Replace("__", ":", StringComparison.Ordinal)]);
builder.Build().Run();
