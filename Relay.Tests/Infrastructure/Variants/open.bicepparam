// A stamp without a network of its own: the cheapest there is, for a first try.
using '../main.bicep'

param location = 'northeurope'
param privateNetwork = false
param zoneRedundant = false
param alwaysReady = 0
param maximumInstances = 40
param instanceMemoryMB = 512
