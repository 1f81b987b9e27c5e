// For azd, which knows no other name; az takes one of parameters/.
using 'main.bicep'

param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param privateNetwork = bool(readEnvironmentVariable('RELAY_PRIVATE_NETWORK', 'true'))
param vaultAddresses = filter(split(readEnvironmentVariable('RELAY_VAULT_ADDRESSES', ''), ','), address => !empty(address))
param managerAddresses = filter(split(readEnvironmentVariable('RELAY_MANAGER_ADDRESSES', ''), ','), address => !empty(address))
param actionGroupIds = filter(split(readEnvironmentVariable('RELAY_ACTION_GROUPS', ''), ','), id => !empty(id))
