using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Relay.Shared.Webhooks;

namespace Relay.LocalHost.Running;

/// <summary><c>./relay up</c>: stays up until it is told to stop, with a demo business to talk to.</summary>
internal static class UpCommand
{
    private const int UsualPort = 7071;

    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (CommandOptions.Parse(arguments, Console.Error) is not { } options)
        {
            return 2;
        }

        if (options.Port is { } wanted && !IsFree(wanted))
        {
            await Console.Error.WriteLineAsync($"relay: port {wanted} is taken");
            return 1;
        }

        DataFolder folder = new(options.Data);
        LocalRelayOptions relayOptions = folder.ToOptions() with
        {
            Port = options.Port ?? (IsFree(UsualPort) ? UsualPort : 0),
            TelemetrySetting = Environment.GetEnvironmentVariable,
            CodeOutput = Console.Error,
            ConfigureLogging = logging => logging
                .AddProvider(new StandardErrorLog())
                .SetMinimumLevel(LogLevel.Warning)
                .AddFilter(typeof(DispatchWebhook).FullName, LogLevel.Information), // the developer's own endpoint
        };
        await using (LocalRelay relay = await LocalRelay.StartAsync(relayOptions, cancellationToken))
        {
            using HttpClient http = new();
            DemoBusiness business = await DemoBusiness.ProvisionAsync(relay, http, folder, DemoBusiness.DefaultNumber, cancellationToken);
            await Console.Out.WriteLineAsync(options.Json ? business.ToJson() : Describe(business));
            await LocalFunctionHost.WaitForSignalAsync(cancellationToken);
        }

        return 0;
    }

    private static string Describe(DemoBusiness business) => $$"""

        Relay is up at {{business.BaseUrl}} (Cloud API, admin API and transport; storage on Azurite)

          access token     {{business.AccessToken}}
          phone number id  {{business.PhoneNumberId}}   ({{business.DisplayPhoneNumber}})
          WABA id          {{business.WabaId}}
          app secret       {{business.AppSecret}}
          verify token     {{business.VerifyToken}}
          admin token      {{business.AdminToken}}   (business {{business.BusinessId}})

        A user's device, in another terminal:

          ./relay phone register --transport {{business.TransportUrl}} --number +4915112345678 --code-dir "{{business.CodeDirectory}}"
          ./relay phone --transport {{business.TransportUrl}}

        A message to it:

          curl {{business.BaseUrl}}/v25.0/{{business.PhoneNumberId}}/messages \
            -H "Authorization: Bearer {{business.AccessToken}}" -H "Content-Type: application/json" \
            -d '{"messaging_product":"whatsapp","to":"+4915112345678","type":"text","text":{"body":"Hello from Relay"} }'

        Your webhook:

          curl -X PUT {{business.BaseUrl}}/relay/v1/admin/businesses/{{business.BusinessId}}/webhook \
            -H "Authorization: Bearer {{business.AdminToken}}" -H "Content-Type: application/json" \
            -d '{"callback_url":"http://127.0.0.1:8000/webhook","verify_token":"{{business.VerifyToken}}"}'

        Ctrl-C ends it.
        """;

    private static bool IsFree(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
