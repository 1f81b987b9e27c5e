// One app: a Flex Consumption plan of its own and the settings that make it one of the three roles.
param name string
param location string
param tags object

@description('The service of azure.yaml whose package goes here.')
param serviceName string

param identityName string
param hostAccountName string
param packageContainer string
param insightsName string

@description('The subnet of the app; none without a private network.')
param subnetId string

@description('Wants regions that offer it, and at least two instances.')
param zoneRedundant bool

@description('Instances that always wait for calls.')
param httpInstances int

param maximumInstances int
param instanceMemoryMB int

@description('The functions that another app runs.')
param disabledFunctions string[]

@description('Whether nobody on the internet may call it but the addresses below. Deploying to it is by identity and stays possible.')
param closed bool = false

@description('Addresses (CIDR) that may call it although it is closed.')
param allowedAddresses string[] = []

@description('What the role reads (Relay.Shared/Hosting/RelaySettings.cs).')
param settings object

@description('A setting that holds the app\'s own address; none when empty.')
param addressSetting string = ''

@description('That address, where it is not the platform\'s.')
param address string = ''

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource host 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostAccountName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: '${name}-plan'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  kind: 'functionapp,linux'
  tags: union(tags, {
    'azd-service-name': serviceName
  })
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    outboundVnetRouting: {
      allTraffic: !empty(subnetId)
    }
    siteConfig: union(
      {
        // And nothing else: newer stamps refuse what other plans want here.
        minTlsVersion: '1.2'
      },
      closed
        ? {
            ipSecurityRestrictionsDefaultAction: 'Deny'
            ipSecurityRestrictions: map(range(0, length(allowedAddresses)), i => {
              name: 'allowed-${i}'
              action: 'Allow'
              priority: 100 + i
              ipAddress: allowedAddresses[i]
            })
          }
        : {}
    )
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${host.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        alwaysReady: httpInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: httpInstances
              }
            ]
        triggers: {
          http: {
            perInstanceConcurrency: 16
          }
        }
      }
    }
  }
}

var ownAddress = empty(address) ? 'https://${site.properties.defaultHostName}' : address

resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'appsettings'
  properties: union(
    {
      AzureWebJobsStorage__accountName: hostAccountName
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.properties.clientId
      // No secret: the component takes telemetry from identities only.
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    },
    settings,
    empty(addressSetting) ? {} : { '${addressSetting}': ownAddress },
    toObject(
      disabledFunctions,
      function => 'AzureWebJobs.${function}.Disabled',
      function => 'true'
    )
  )
}

output hostName string = site.properties.defaultHostName
output address string = ownAddress
