// A private stamp with every parameter set: while secrets are put in, operators call the manager, alerts wake somebody.
using '../main.bicep'

param location = 'swedencentral'
param era = 2
param publicBaseUrl = 'https://api.example.com'
param deepLinkBaseUrl = 'https://chat.example.com'
param vaultAddresses = ['203.0.113.7']
param managerAddresses = ['198.51.100.0/24', '203.0.113.7/32']
param stamps = [
  { regions: ['CH'], relay: 'https://api-ch.example.com', manager: 'https://manager-ch.example.com' }
  { regions: ['IN', 'SG'], relay: 'https://api-in.example.com', manager: 'https://manager-in.example.com' }
]
param quotaCores = 500
param actionGroupIds = ['/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ops/providers/Microsoft.Insights/actionGroups/oncall']
param telemetryEndpoint = 'https://collector.example.com:4317'
param tags = {
  owner: 'relay'
}
