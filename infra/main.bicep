// One stamp: everything of Relay in one region and one resource group. A business's numbers live in one stamp and stay there.
targetScope = 'resourceGroup'

@description('The region. Sealed data is bound to it: it never changes.')
param location string

@description('Raised after every restore or failover, so that no key of a session is used twice.')
@minValue(1)
param era int = 1

@description('The relay\'s own address where it is not the app\'s, such as https://api.example.com.')
param publicBaseUrl string = ''

@description('What the links of QR codes start with; the relay\'s address when empty.')
param deepLinkBaseUrl string = ''

@description('How much an instance accepts (docs/operations.md); 0 lifts a limit.')
param limits {
  messagesPerSecond: int
  messagesPerSecondHigh: int
  pairSeconds: int
  pairBurst: int
  backlogSoft: int
  backlogHard: int
} = {
  messagesPerSecond: 80
  messagesPerSecondHigh: 1000
  pairSeconds: 6
  pairBurst: 45
  backlogSoft: 20000
  backlogHard: 100000
}

@description('The messaging limit of a business that no rule and no operator has moved.')
@allowed(['TIER_250', 'TIER_2K', 'TIER_10K', 'TIER_100K', 'TIER_UNLIMITED'])
param firstTier string = 'TIER_250'

@description('How many messages a minute a user\'s device may send on one instance; 0 for as many as it likes.')
@minValue(0)
@maxValue(1000000)
param deviceMessagesPerMinute int = 60

@description('How many pre-key bundles a minute a user\'s device may take on one instance; 0 for as many as it likes.')
@minValue(0)
@maxValue(1000000)
param deviceBundlesPerMinute int = 6

@description('Whether a user who did not write within 24 hours gets templates alone (131047), as in the Cloud API.')
@allowed(['enforce', 'off'])
param serviceWindow string = 'enforce'

@description('Closes accounts and vaults to the internet: a network, private endpoints, one outgoing address.')
param privateNetwork bool = true

@description('Public addresses that may reach the vaults although the network is private: while the secrets are put in.')
param vaultAddresses string[] = []

@description('Public addresses (CIDR) that may call the manager: of operators, and the outgoing address of every other stamp. Empty closes it to the internet where the network is private.')
param managerAddresses string[] = []

@description('The other stamps: which regions of the Cloud API\'s local storage each serves, and where its relay and its manager are.')
param stamps { regions: string[], relay: string, manager: string }[] = []

@description('The Entra tenant whose people may use the admin API, and their tokens\' audience; nobody of a directory when empty. The authority only for sovereign clouds.')
param managerEntra {
  tenantId: string
  audience: string
  authority: string
} = {
  tenantId: ''
  audience: ''
  authority: ''
}

@description('Switches the admin token off, once somebody of Entra is an ADMIN: people alone use the admin API.')
param adminTokenDisabled bool = false

@description('Spreads the apps over zones; wants a region that offers it.')
param zoneRedundant bool = true

@description('Instances of relay and transport that always wait for calls; 2 at least when zone redundant.')
@minValue(0)
param alwaysReady int = 2

@minValue(40)
@maxValue(1000)
param maximumInstances int = 100

@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Cores of Flex Consumption that the subscription may use in the region; an alert tells at 80 %.')
param quotaCores int = 250

@description('Action groups that alerts call.')
param actionGroupIds string[] = []

@description('Where the metrics and traces of all apps go by OTLP (gRPC); nowhere when empty.')
param telemetryEndpoint string = ''

param tags object = {}

// Generated from the code (Relay.Tests/Infrastructure): which functions, tables, queues and containers are whose.
var catalog = loadJsonContent('catalog.json')
var functions = concat(catalog.relay.functions, catalog.transport.functions, catalog.manager.functions)
// Of the relay's account: what the Admin functions touch, and no conversation.
var managerTables = catalog.manager.relayTables

var suffix = take(uniqueString(resourceGroup().id, location), 10)
var packages = 'packages'
var names = {
  identity: {
    relay: 'relay-${suffix}-identity'
    transport: 'transport-${suffix}-identity'
    manager: 'manager-${suffix}-identity'
  }
  app: {
    relay: 'relay-${suffix}'
    transport: 'transport-${suffix}'
    manager: 'manager-${suffix}'
  }
  host: {
    relay: 'relayhost${suffix}'
    transport: 'transporthost${suffix}'
    manager: 'managerhost${suffix}'
  }
  data: {
    relay: 'relaydata${suffix}'
    transport: 'transportdata${suffix}'
    manager: 'managerdata${suffix}'
  }
  vault: {
    relay: 'relay-kv-${suffix}'
    transport: 'transport-kv-${suffix}'
    manager: 'manager-kv-${suffix}'
  }
  workspace: 'relay-${suffix}-logs'
  insights: 'relay-${suffix}-insights'
  network: 'relay-${suffix}-network'
}
var apps = ['relay', 'transport', 'manager']

module identities 'modules/identity.bicep' = [
  for app in apps: {
    name: 'identity-${app}'
    params: {
      name: names.identity[app]
      location: location
      tags: tags
    }
  }
]

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: tags
  }
}

module hostAccounts 'modules/storage.bicep' = [
  for app in apps: {
    name: 'host-${app}'
    params: {
      name: names.host[app]
      location: location
      tags: tags
      private: privateNetwork
      tables: []
      queues: []
      containers: [packages]
    }
  }
]

module dataAccounts 'modules/storage.bicep' = [
  for app in apps: {
    name: 'data-${app}'
    params: {
      name: names.data[app]
      location: location
      tags: tags
      private: privateNetwork
      tables: catalog[app].tables
      queues: catalog[app].queues
      containers: catalog[app].containers
    }
  }
]

module vaults 'modules/keyVault.bicep' = [
  for app in apps: {
    name: 'vault-${app}'
    params: {
      name: names.vault[app]
      location: location
      tags: tags
      private: privateNetwork
      addresses: vaultAddresses
      workspaceName: names.workspace
    }
    dependsOn: [monitoring]
  }
]

module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: {
    names: {
      identity: names.identity
      host: names.host
      data: names.data
      vault: names.vault
      insights: names.insights
    }
    catalog: catalog
    managerTables: managerTables
  }
  dependsOn: [identities, hostAccounts, dataAccounts, vaults]
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network'
  params: {
    name: names.network
    location: location
    tags: tags
    apps: [
      { name: 'relay', sides: ['relay'] }
      { name: 'transport', sides: ['transport'] }
      { name: 'manager', sides: ['relay', 'manager'] }
    ]
    accounts: [
      { name: names.data.relay, side: 'relay' }
      { name: names.host.relay, side: 'relay' }
      { name: names.data.transport, side: 'transport' }
      { name: names.host.transport, side: 'transport' }
      { name: names.data.manager, side: 'manager' }
      { name: names.host.manager, side: 'manager' }
    ]
    vaults: map(apps, app => { name: names.vault[app], side: app })
  }
  dependsOn: [hostAccounts, dataAccounts, vaults]
}

// Settings. Secrets are references into a vault that the app's own identity may read.

resource appIdentities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for app in apps: {
    name: names.identity[app]
  }
]

var storage = environment().suffixes.storage
var vaultAddress = {
  relay: 'https://${names.vault.relay}${environment().suffixes.keyvaultDns}/'
  transport: 'https://${names.vault.transport}${environment().suffixes.keyvaultDns}/'
  manager: 'https://${names.vault.manager}${environment().suffixes.keyvaultDns}/'
}
// A document of 100 MB and what a form adds to it: the Functions host refuses more than 100 MiB by itself.
var bodyLimit = {
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '125829120'
}

module transport 'modules/functionApp.bicep' = {
  name: 'app-transport'
  params: {
    name: names.app.transport
    location: location
    tags: tags
    serviceName: 'transport'
    identityName: names.identity.transport
    hostAccountName: names.host.transport
    packageContainer: packages
    insightsName: names.insights
    subnetId: privateNetwork ? resourceId('Microsoft.Network/virtualNetworks/subnets', names.network, 'transport') : ''
    zoneRedundant: zoneRedundant
    httpInstances: alwaysReady
    maximumInstances: maximumInstances
    instanceMemoryMB: instanceMemoryMB
    disabledFunctions: filter(functions, name => !contains(catalog.transport.functions, name))
    settings: union(bodyLimit, {
      Relay__Role: 'transport'
      Relay__Region: location
      OTEL_EXPORTER_OTLP_ENDPOINT: telemetryEndpoint
      Transport__RegistrationKey: '@Microsoft.KeyVault(SecretUri=${vaultAddress.transport}secrets/registration-key)'
      Transport__OperatorKey: '@Microsoft.KeyVault(SecretUri=${vaultAddress.transport}secrets/operator-key)'
      Transport__FirstTier: firstTier
      Transport__DeviceMessagesPerMinute: string(deviceMessagesPerMinute)
      Transport__DeviceBundlesPerMinute: string(deviceBundlesPerMinute)
      TransportStorage__tableServiceUri: 'https://${names.data.transport}.table.${storage}'
      TransportStorage__queueServiceUri: 'https://${names.data.transport}.queue.${storage}'
      TransportStorage__blobServiceUri: 'https://${names.data.transport}.blob.${storage}'
      TransportStorage__credential: 'managedidentity'
      TransportStorage__clientId: appIdentities[1].properties.clientId
      TransportVault__vaultUri: vaultAddress.transport
      TransportVault__credential: 'managedidentity'
      TransportVault__clientId: appIdentities[1].properties.clientId
    })
  }
  dependsOn: [monitoring, roles, network]
}

// CH=https://…;DE=https://…
var relayStamps = join(flatten(map(stamps, stamp => map(stamp.regions, region => '${region}=${stamp.relay}'))), ';')
var managerStamps = join(flatten(map(stamps, stamp => map(stamp.regions, region => '${region}=${stamp.manager}'))), ';')

// Both roles of a business's side read the same, each under its own identity.
var relaySettings = {
  Relay__Region: location
  OTEL_EXPORTER_OTLP_ENDPOINT: telemetryEndpoint
  Relay__Era: string(era)
  Relay__TransportBaseUrl: 'https://${transport.outputs.hostName}'
  Relay__DeepLinkBaseUrl: deepLinkBaseUrl
  Relay__Stamps: relayStamps
  Relay__ServiceWindow: serviceWindow
  Relay__MessagesPerSecond: string(limits.messagesPerSecond)
  Relay__MessagesPerSecondHigh: string(limits.messagesPerSecondHigh)
  Relay__PairSeconds: string(limits.pairSeconds)
  Relay__PairBurst: string(limits.pairBurst)
  Relay__BacklogSoft: string(limits.backlogSoft)
  Relay__BacklogHard: string(limits.backlogHard)
  RelayStorage__tableServiceUri: 'https://${names.data.relay}.table.${storage}'
  RelayStorage__queueServiceUri: 'https://${names.data.relay}.queue.${storage}'
  RelayStorage__blobServiceUri: 'https://${names.data.relay}.blob.${storage}'
  RelayStorage__credential: 'managedidentity'
  RelayVault__vaultUri: vaultAddress.relay
  RelayVault__credential: 'managedidentity'
}

module relay 'modules/functionApp.bicep' = {
  name: 'app-relay'
  params: {
    name: names.app.relay
    location: location
    tags: tags
    serviceName: 'relay'
    identityName: names.identity.relay
    hostAccountName: names.host.relay
    packageContainer: packages
    insightsName: names.insights
    subnetId: privateNetwork ? resourceId('Microsoft.Network/virtualNetworks/subnets', names.network, 'relay') : ''
    zoneRedundant: zoneRedundant
    httpInstances: alwaysReady
    maximumInstances: maximumInstances
    instanceMemoryMB: instanceMemoryMB
    disabledFunctions: filter(functions, name => !contains(catalog.relay.functions, name))
    settings: union(bodyLimit, relaySettings, {
      Relay__Role: 'relay'
      // Registers numbers and no more: with the operator's key it could lift its own restriction.
      Transport__RegistrationKey: '@Microsoft.KeyVault(SecretUri=${vaultAddress.relay}secrets/registration-key)'
      RelayStorage__clientId: appIdentities[0].properties.clientId
      RelayVault__clientId: appIdentities[0].properties.clientId
    })
    addressSetting: 'Relay__PublicBaseUrl'
    address: publicBaseUrl
  }
  dependsOn: [monitoring, roles, network]
}

var managerInstances = 40
// Nobody's telephone calls it: without a list it is everybody's only where nothing else is private either.
var managerIsClosed = privateNetwork || !empty(managerAddresses)

module manager 'modules/functionApp.bicep' = {
  name: 'app-manager'
  params: {
    name: names.app.manager
    location: location
    tags: tags
    serviceName: 'manager'
    identityName: names.identity.manager
    hostAccountName: names.host.manager
    packageContainer: packages
    insightsName: names.insights
    subnetId: privateNetwork ? resourceId('Microsoft.Network/virtualNetworks/subnets', names.network, 'manager') : ''
    zoneRedundant: zoneRedundant
    httpInstances: 0
    maximumInstances: managerInstances
    closed: managerIsClosed
    allowedAddresses: managerAddresses
    instanceMemoryMB: instanceMemoryMB
    disabledFunctions: filter(functions, name => !contains(catalog.manager.functions, name))
    settings: union(relaySettings, empty(stamps) ? {} : { Manager__StampKey: '@Microsoft.KeyVault(SecretUri=${vaultAddress.manager}secrets/stamp-key)' }, {
      Relay__Role: 'manager'
      Relay__PublicBaseUrl: relay.outputs.address
      Manager__Stamps: managerStamps
      Relay__AdminToken: '@Microsoft.KeyVault(SecretUri=${vaultAddress.manager}secrets/admin-token)'
      Manager__AdminTokenDisabled: string(adminTokenDisabled)
      Manager__EntraTenantId: managerEntra.tenantId
      Manager__EntraAudience: managerEntra.audience
      Manager__EntraAuthority: managerEntra.authority
      Transport__RegistrationKey: '@Microsoft.KeyVault(SecretUri=${vaultAddress.manager}secrets/registration-key)'
      Transport__OperatorKey: '@Microsoft.KeyVault(SecretUri=${vaultAddress.manager}secrets/operator-key)'
      ManagerStorage__tableServiceUri: 'https://${names.data.manager}.table.${storage}'
      ManagerStorage__queueServiceUri: 'https://${names.data.manager}.queue.${storage}'
      ManagerStorage__blobServiceUri: 'https://${names.data.manager}.blob.${storage}'
      ManagerStorage__credential: 'managedidentity'
      ManagerStorage__clientId: appIdentities[2].properties.clientId
      RelayStorage__clientId: appIdentities[2].properties.clientId
      RelayVault__clientId: appIdentities[2].properties.clientId
    })
  }
  dependsOn: [monitoring, roles, network]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    tags: tags
    actionGroupIds: actionGroupIds
    workspaceName: names.workspace
    insightsName: names.insights
    identityNames: map(apps, app => names.identity[app])
    accountNames: map(apps, app => names.data[app])
    vaultNames: map(apps, app => names.vault[app])
    timers: catalog.timers
    hourlyTimers: catalog.hourlyTimers
    poison: catalog.poison
    serverErrors: catalog.serverErrors
    maximumInstances: [
      { app: names.app.relay, instances: maximumInstances }
      { app: names.app.transport, instances: maximumInstances }
      { app: names.app.manager, instances: managerInstances }
    ]
    instanceMemoryMB: instanceMemoryMB
    quotaCores: quotaCores
    // A closed manager can't be watched from outside.
    watched: concat(
      [
        { name: 'relay', host: relay.outputs.hostName }
        { name: 'transport', host: transport.outputs.hostName }
      ],
      managerIsClosed ? [] : [{ name: 'manager', host: manager.outputs.hostName }]
    )
  }
  dependsOn: [identities, dataAccounts, vaults, monitoring]
}

output relayAddress string = relay.outputs.address
output transportAddress string = 'https://${transport.outputs.hostName}'
output managerAddress string = 'https://${manager.outputs.hostName}'
output relayApp string = names.app.relay
output transportApp string = names.app.transport
output managerApp string = names.app.manager
output relayVault string = names.vault.relay
output transportVault string = names.vault.transport
output managerVault string = names.vault.manager

@description('Empty without a private network.')
output outgoingAddress string = network.?outputs.outgoingAddress ?? ''
