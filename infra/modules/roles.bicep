// Who may do what: every role assignment there is, each on the smallest thing it can be on.
param names { identity: object, host: object, data: object, vault: object, insights: string }
param catalog object

@description('Tables of the relay\'s account that the manager writes.')
param managerTables string[]

// Built-in roles by their names.
var role = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageQueueDataReader: '19e7f393-937e-4f77-808e-94535e297925'
  storageQueueDataMessageSender: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
  storageQueueDataMessageProcessor: '8a0f0c08-91a1-4084-bc3d-661d67233fed'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

var apps = ['relay', 'transport', 'manager']

// What a triggered app does with a queue: Reader and Processor, and Sender as every handler may put its message back.
var queueWork = [
  role.storageQueueDataReader
  role.storageQueueDataMessageProcessor
  role.storageQueueDataMessageSender
]
var relayQueueWork = flatten(map(
  range(0, length(catalog.relay.queues)),
  i => map(queueWork, id => { queue: i, role: id })
))
var transportQueueWork = flatten(map(
  range(0, length(catalog.transport.queues)),
  i => map(queueWork, id => { queue: i, role: id })
))

resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for app in apps: {
    name: names.identity[app]
  }
]
var relay = 0
var transport = 1
var manager = 2

// Custom roles, where the built-in ones give too much or too little.

@description('Nobody may back up, restore, import, recover or purge a key.')
resource keyKeeper 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'Relay Key Keeper')
  properties: {
    roleName: 'Relay Key Keeper ${uniqueString(resourceGroup().id)}'
    description: 'Makes, uses and destroys keys of a vault.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/read'
          'Microsoft.KeyVault/vaults/keys/create/action'
          'Microsoft.KeyVault/vaults/keys/delete'
          'Microsoft.KeyVault/vaults/keys/unwrap/action'
          'Microsoft.KeyVault/vaults/keys/sign/action'
        ]
      }
    ]
  }
}

@description('The manager makes a business\'s first keys; only the relay destroys any.')
resource keyMaker 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'Relay Key Maker')
  properties: {
    roleName: 'Relay Key Maker ${uniqueString(resourceGroup().id)}'
    description: 'Makes and uses keys of a vault.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/read'
          'Microsoft.KeyVault/vaults/keys/create/action'
          'Microsoft.KeyVault/vaults/keys/unwrap/action'
          'Microsoft.KeyVault/vaults/keys/sign/action'
        ]
      }
    ]
  }
}

@description('Processor may not change how long a message stays hidden: without it a failed message waits ten minutes and not host.json\'s visibilityTimeout.')
resource messageHider 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'Relay Message Hider')
  properties: {
    roleName: 'Relay Message Hider ${uniqueString(resourceGroup().id)}'
    description: 'Changes how long a taken queue message stays hidden.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/queueServices/queues/messages/write'
        ]
      }
    ]
  }
}

// Each app on its own host account, and nobody else: who reads it reads function keys, who writes it replaces the code.

resource hosts 'Microsoft.Storage/storageAccounts@2025-06-01' existing = [
  for app in apps: {
    name: names.host[app]
  }
]

resource hostBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (app, i) in apps: {
    scope: hosts[i]
    name: guid(hosts[i].id, identities[i].id, role.storageBlobDataOwner)
    properties: {
      principalId: identities[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageBlobDataOwner)
    }
  }
]

resource hostQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (app, i) in apps: {
    scope: hosts[i]
    name: guid(hosts[i].id, identities[i].id, role.storageQueueDataContributor)
    properties: {
      principalId: identities[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageQueueDataContributor)
    }
  }
]

resource hostTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (app, i) in apps: {
    scope: hosts[i]
    name: guid(hosts[i].id, identities[i].id, role.storageTableDataContributor)
    properties: {
      principalId: identities[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageTableDataContributor)
    }
  }
]

// The relay's data: tables, queues and containers by name, never the account.

resource relayData 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: names.data.relay

  resource tables 'tableServices' existing = {
    name: 'default'
  }

  resource queues 'queueServices' existing = {
    name: 'default'
  }

  resource blobs 'blobServices' existing = {
    name: 'default'
  }
}

resource relayTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' existing = [
  for table in catalog.relay.tables: {
    parent: relayData::tables
    name: table
  }
]

resource relayOnTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (table, i) in catalog.relay.tables: {
    scope: relayTables[i]
    name: guid(relayTables[i].id, identities[relay].id, role.storageTableDataContributor)
    properties: {
      principalId: identities[relay].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageTableDataContributor)
    }
  }
]

resource managedTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' existing = [
  for table in managerTables: {
    parent: relayData::tables
    name: table
  }
]

resource managerOnTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (table, i) in managerTables: {
    scope: managedTables[i]
    name: guid(managedTables[i].id, identities[manager].id, role.storageTableDataContributor)
    properties: {
      principalId: identities[manager].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageTableDataContributor)
    }
  }
]

resource relayQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' existing = [
  for queue in catalog.relay.queues: {
    parent: relayData::queues
    name: queue
  }
]

resource relayOnQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for work in relayQueueWork: {
    scope: relayQueues[work.queue]
    name: guid(relayQueues[work.queue].id, identities[relay].id, work.role)
    properties: {
      principalId: identities[relay].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', work.role)
    }
  }
]

resource relayHidesMessages 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, i) in catalog.relay.queues: {
    scope: relayQueues[i]
    name: guid(relayQueues[i].id, identities[relay].id, messageHider.id)
    properties: {
      principalId: identities[relay].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: messageHider.id
    }
  }
]

resource erasures 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' existing = {
  parent: relayData::queues
  name: 'erasures'
}

@description('Storage Queue Data Message Sender: closing a business is asked for here, and done by the relay.')
resource managerAsksForErasure 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: erasures
  name: guid(erasures.id, identities[manager].id, role.storageQueueDataMessageSender)
  properties: {
    principalId: identities[manager].properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageQueueDataMessageSender)
  }
}

resource relayContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = [
  for container in catalog.relay.containers: {
    parent: relayData::blobs
    name: container
  }
]

resource relayOnContainers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (container, i) in catalog.relay.containers: {
    scope: relayContainers[i]
    name: guid(relayContainers[i].id, identities[relay].id, role.storageBlobDataContributor)
    properties: {
      principalId: identities[relay].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageBlobDataContributor)
    }
  }
]

// The transport's data: the transport and nobody else.

resource transportData 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: names.data.transport

  resource tables 'tableServices' existing = {
    name: 'default'
  }

  resource queues 'queueServices' existing = {
    name: 'default'
  }

  resource blobs 'blobServices' existing = {
    name: 'default'
  }
}

resource transportTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' existing = [
  for table in catalog.transport.tables: {
    parent: transportData::tables
    name: table
  }
]

resource transportOnTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (table, i) in catalog.transport.tables: {
    scope: transportTables[i]
    name: guid(transportTables[i].id, identities[transport].id, role.storageTableDataContributor)
    properties: {
      principalId: identities[transport].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageTableDataContributor)
    }
  }
]

resource transportQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' existing = [
  for queue in catalog.transport.queues: {
    parent: transportData::queues
    name: queue
  }
]

resource transportOnQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for work in transportQueueWork: {
    scope: transportQueues[work.queue]
    name: guid(transportQueues[work.queue].id, identities[transport].id, work.role)
    properties: {
      principalId: identities[transport].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', work.role)
    }
  }
]

resource transportHidesMessages 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, i) in catalog.transport.queues: {
    scope: transportQueues[i]
    name: guid(transportQueues[i].id, identities[transport].id, messageHider.id)
    properties: {
      principalId: identities[transport].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: messageHider.id
    }
  }
]

resource transportContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = [
  for container in catalog.transport.containers: {
    parent: transportData::blobs
    name: container
  }
]

resource transportOnContainers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (container, i) in catalog.transport.containers: {
    scope: transportContainers[i]
    name: guid(transportContainers[i].id, identities[transport].id, role.storageBlobDataContributor)
    properties: {
      principalId: identities[transport].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageBlobDataContributor)
    }
  }
]

// The manager's own data.

resource managerData 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: names.data.manager

  resource tables 'tableServices' existing = {
    name: 'default'
  }
}

resource managerOwnTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' existing = [
  for table in catalog.manager.tables: {
    parent: managerData::tables
    name: table
  }
]

resource managerOnOwnTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (table, i) in catalog.manager.tables: {
    scope: managerOwnTables[i]
    name: guid(managerOwnTables[i].id, identities[manager].id, role.storageTableDataContributor)
    properties: {
      principalId: identities[manager].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageTableDataContributor)
    }
  }
]

// Keys, and the secrets that settings refer to. The transport's identity is nobody in the relay's vault.

resource relayVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: names.vault.relay
}

resource transportVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: names.vault.transport
}

resource relayKeepsKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: relayVault
  name: guid(relayVault.id, identities[relay].id, keyKeeper.id)
  properties: {
    principalId: identities[relay].properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: keyKeeper.id
  }
}

resource managerMakesKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: relayVault
  name: guid(relayVault.id, identities[manager].id, keyMaker.id)
  properties: {
    principalId: identities[manager].properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: keyMaker.id
  }
}

resource transportKeepsKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: transportVault
  name: guid(transportVault.id, identities[transport].id, keyKeeper.id)
  properties: {
    principalId: identities[transport].properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: keyKeeper.id
  }
}

// The admin token lies in the manager's vault, where the relay's identity is nobody.
resource vaults 'Microsoft.KeyVault/vaults@2024-11-01' existing = [
  for app in apps: {
    name: names.vault[app]
  }
]

resource appsReadSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (app, i) in apps: {
    scope: vaults[i]
    name: guid(vaults[i].id, identities[i].id, role.keyVaultSecretsUser)
    properties: {
      principalId: identities[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyVaultSecretsUser)
    }
  }
]

// Telemetry.

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: names.insights
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (app, i) in apps: {
    scope: insights
    name: guid(insights.id, identities[i].id, role.monitoringMetricsPublisher)
    properties: {
      principalId: identities[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.monitoringMetricsPublisher)
    }
  }
]
