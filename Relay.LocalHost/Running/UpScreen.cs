namespace Relay.LocalHost.Running;

/// <summary>What <c>./relay up</c> tells a developer.</summary>
internal static class UpScreen
{
    public static string Describe(DemoBusiness business) => $$"""

        Relay is up at {{business.BaseUrl}} ({{Roles(business)}}; storage on Azurite)

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

          curl -X PUT {{business.ManagerUrl}}/relay/v1/admin/businesses/{{business.BusinessId}}/webhook \
            -H "Authorization: Bearer {{business.AdminToken}}" -H "Content-Type: application/json" \
            -d '{"callback_url":"http://127.0.0.1:8000/webhook","verify_token":"{{business.VerifyToken}}"}'

        Ctrl-C ends it.
        """;

    private static string Roles(DemoBusiness business) => business.Processes is not { } processes
        ? "Cloud API, admin API and transport"
        : $"Cloud API, process {processes["relay"]}; admin API at {business.ManagerUrl}, process {processes["manager"]}; transport at {business.TransportUrl}, process {processes["transport"]}";
}
