using '../main.bicep'

param location = 'switzerlandnorth'
