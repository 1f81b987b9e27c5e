// A network in which only its own app reaches a role's accounts and vault, and one address for all outgoing calls.
param name string
param location string
param tags object

@description('The apps, and of each which sides it may reach: the relay\'s data, the transport\'s, the manager\'s.')
param apps { name: string, sides: string[] }[]

@description('What each side owns.')
param accounts { name: string, side: string }[]

param vaults { name: string, side: string }[]

var sides = ['relay', 'transport', 'manager']
var services = ['blob', 'queue', 'table']
var zones = [
  for service in services: 'privatelink.${service}.${environment().suffixes.storage}'
]
// The name of this zone is not the vaults' own suffix.
var vaultZone = 'privatelink.vaultcore.azure.net'
var appPrefixes = [for (app, i) in apps: '10.60.${i}.0/24']
var storageEndpoints = flatten(map(accounts, account => map(range(0, length(services)), i => {
  account: account.name
  side: account.side
  service: services[i]
  zone: i
})))

resource outgoingAddress 'Microsoft.Network/publicIPAddresses@2025-05-01' = {
  name: '${name}-out'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIPAllocationMethod: 'Static'
  }
}

resource nat 'Microsoft.Network/natGateways@2025-05-01' = {
  name: '${name}-nat'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIpAddresses: [
      {
        id: outgoingAddress.id
      }
    ]
  }
}

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = [
  for side in sides: {
    name: '${name}-${side}-endpoints'
    location: location
    tags: tags
    properties: {
      securityRules: [
        {
          name: 'own-apps'
          properties: {
            priority: 100
            direction: 'Inbound'
            access: 'Allow'
            protocol: 'Tcp'
            sourceAddressPrefixes: map(
              filter(range(0, length(apps)), i => contains(apps[i].sides, side)),
              i => appPrefixes[i]
            )
            sourcePortRange: '*'
            destinationAddressPrefix: '*'
            destinationPortRange: '443'
          }
        }
        {
          name: 'nobody-else'
          properties: {
            priority: 4096
            direction: 'Inbound'
            access: 'Deny'
            protocol: '*'
            sourceAddressPrefix: '*'
            sourcePortRange: '*'
            destinationAddressPrefix: '*'
            destinationPortRange: '*'
          }
        }
      ]
    }
  }
]

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: ['10.60.0.0/16']
    }
  }
}

@batchSize(1)
resource appSubnets 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = [
  for (app, i) in apps: {
    parent: network
    name: app.name
    properties: {
      addressPrefix: appPrefixes[i]
      natGateway: {
        id: nat.id
      }
      delegations: [
        {
          name: 'functions'
          properties: {
            serviceName: 'Microsoft.App/environments'
          }
        }
      ]
    }
  }
]

@batchSize(1)
resource endpointSubnets 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = [
  for (side, i) in sides: {
    parent: network
    name: '${side}-endpoints'
    dependsOn: [appSubnets]
    properties: {
      addressPrefix: '10.60.${100 + i}.0/24'
      // Off, the rules would not hold for private endpoints.
      privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
      networkSecurityGroup: {
        id: endpointRules[i].id
      }
    }
  }
]

resource storageZones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in zones: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource storageZoneLinks 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in zones: {
    parent: storageZones[i]
    name: name
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

resource vaultsZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: vaultZone
  location: 'global'
  tags: tags
}

resource vaultsZoneLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: vaultsZone
  name: name
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}

resource storageAccounts 'Microsoft.Storage/storageAccounts@2025-06-01' existing = [
  for endpoint in storageEndpoints: {
    name: endpoint.account
  }
]

resource storagePrivateEndpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for (endpoint, i) in storageEndpoints: {
    name: '${endpoint.account}-${endpoint.service}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: endpointSubnets[indexOf(sides, endpoint.side)].id
      }
      privateLinkServiceConnections: [
        {
          name: endpoint.service
          properties: {
            privateLinkServiceId: storageAccounts[i].id
            groupIds: [endpoint.service]
          }
        }
      ]
    }
  }
]

resource storageNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (endpoint, i) in storageEndpoints: {
    parent: storagePrivateEndpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.service
          properties: {
            privateDnsZoneId: storageZones[endpoint.zone].id
          }
        }
      ]
    }
  }
]

resource keyVaults 'Microsoft.KeyVault/vaults@2024-11-01' existing = [
  for vault in vaults: {
    name: vault.name
  }
]

resource vaultPrivateEndpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for (vault, i) in vaults: {
    name: '${vault.name}-vault'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: endpointSubnets[indexOf(sides, vault.side)].id
      }
      privateLinkServiceConnections: [
        {
          name: 'vault'
          properties: {
            privateLinkServiceId: keyVaults[i].id
            groupIds: ['vault']
          }
        }
      ]
    }
  }
]

resource vaultPrivateNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (vault, i) in vaults: {
    parent: vaultPrivateEndpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: 'vault'
          properties: {
            privateDnsZoneId: vaultsZone.id
          }
        }
      ]
    }
  }
]

@description('What all outgoing calls come from: for the allow-lists of businesses\' webhooks.')
output outgoingAddress string = outgoingAddress.properties.ipAddress
