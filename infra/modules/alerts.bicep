// What wakes somebody. What an alert does is its action group's; without one it only shows.
param location string
param tags object
param actionGroupIds string[]
param workspaceName string
param insightsName string

@description('The identities of the three apps: only they may delete keys.')
@minLength(3)
@maxLength(3)
param identityNames string[]

param accountNames string[]
param vaultNames string[]

@description('Timer functions, which run at least hourly.')
param timers string[]

@description('Functions of poison queues.')
param poison string[]

@description('Health addresses: name and host.')
param watched { name: string, host: string }[]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for name in identityNames: {
    name: name
  }
]

resource accounts 'Microsoft.Storage/storageAccounts@2025-06-01' existing = [
  for name in accountNames: {
    name: name
  }
]

resource vaults 'Microsoft.KeyVault/vaults@2024-11-01' existing = [
  for name in vaultNames: {
    name: name
  }
]

// The host's own counts, one metric per function and outcome: they come although no request is recorded (host.json).
var queries = [
  {
    name: 'poison-queue'
    severity: 1
    description: 'A message was given up after all deliveries and went to a poison queue.'
    query: 'AppMetrics | where Name in (dynamic(${string(map(poison, name => '${name} Count'))})) | summarize Value = sum(Sum)'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'timer-fails'
    severity: 1
    description: 'A timer function failed: deletion and rotation hang on them.'
    query: 'AppMetrics | where Name in (dynamic(${string(map(timers, name => '${name} Failures'))})) | summarize Value = sum(Sum)'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'timer-silent'
    severity: 1
    description: 'A timer function has not run for two hours.'
    query: 'let due = datatable(Name: string) [${join(map(timers, name => '"${name} Count"'), ', ')}]; due | join kind=leftouter (AppMetrics | where TimeGenerated > ago(2h) | summarize Runs = sum(Sum) by Name) on Name | where coalesce(Runs, 0.0) == 0.0 | summarize Value = count()'
    window: 'PT2H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'delivery-stalls'
    severity: 0
    description: 'Messages are accepted and none was taken from its queue for 15 minutes: the oldest waits that long.'
    query: 'AppMetrics | where Name in ("SendMessage Successes", "SendMessageUnversioned Successes", "AcceptEnvelope Successes", "DeliverMessage Count", "ReceiveMessage Count") | summarize Accepted = sumif(Sum, Name startswith "SendMessage"), Delivered = sumif(Sum, Name == "DeliverMessage Count"), Pushed = sumif(Sum, Name startswith "AcceptEnvelope"), Received = sumif(Sum, Name == "ReceiveMessage Count") | extend Value = toint((Accepted > 0 and Delivered == 0) or (Pushed > 0 and Received == 0))'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'key-taken'
    severity: 0
    description: 'A key was backed up, restored, recovered, purged or exported, or deleted by somebody who is no app: what is destroyed must stay so.'
    query: 'AZKVAuditLogs | extend Caller = tostring(parse_json(tostring(Identity)).claim.appid) | where OperationName in ("KeyBackup", "KeyRestore", "KeyRecover", "KeyPurge", "KeyExport") or (OperationName == "KeyDelete" and Caller !in (@apps)) | summarize Value = count()'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in queries: {
    name: alert.name
    location: location
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      // Tables come with their first rows, which a new workspace has not.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: replace(
              alert.query,
              '@apps',
              '"${identities[0].properties.clientId}", "${identities[1].properties.clientId}", "${identities[2].properties.clientId}"'
            )
            metricMeasureColumn: 'Value'
            timeAggregation: 'Total'
            operator: alert.operator
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: actionGroupIds
      }
    }
  }
]

var actions = [
  for id in actionGroupIds: {
    actionGroupId: id
  }
]

resource vaultThrottled 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (name, i) in vaultNames: {
    name: '${name}-throttled'
    location: 'global'
    tags: tags
    properties: {
      description: 'The vault refused calls (429): accepts that need a key answer 503.'
      severity: 1
      enabled: true
      scopes: [vaults[i].id]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'throttled'
            criterionType: 'StaticThresholdCriterion'
            metricName: 'ServiceApiResult'
            dimensions: [
              {
                name: 'StatusCode'
                operator: 'Include'
                values: ['429']
              }
            ]
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: actions
    }
  }
]

resource vaultSlow 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (name, i) in vaultNames: {
    name: '${name}-slow'
    location: 'global'
    tags: tags
    properties: {
      description: 'The vault takes a second to answer.'
      severity: 2
      enabled: true
      scopes: [vaults[i].id]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'slow'
            criterionType: 'StaticThresholdCriterion'
            metricName: 'ServiceApiLatency'
            timeAggregation: 'Average'
            operator: 'GreaterThan'
            threshold: 1000
          }
        ]
      }
      actions: actions
    }
  }
]

resource vaultAway 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (name, i) in vaultNames: {
    name: '${name}-availability'
    location: 'global'
    tags: tags
    properties: {
      description: 'The vault does not answer every call.'
      severity: 1
      enabled: true
      scopes: [vaults[i].id]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'availability'
            criterionType: 'StaticThresholdCriterion'
            metricName: 'Availability'
            timeAggregation: 'Average'
            operator: 'LessThan'
            threshold: json('99.9')
          }
        ]
      }
      actions: actions
    }
  }
]

resource storageAway 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (name, i) in accountNames: {
    name: '${name}-availability'
    location: 'global'
    tags: tags
    properties: {
      description: 'The storage account does not answer every call.'
      severity: 1
      enabled: true
      scopes: [accounts[i].id]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'availability'
            criterionType: 'StaticThresholdCriterion'
            metricName: 'Availability'
            timeAggregation: 'Average'
            operator: 'LessThan'
            threshold: json('99.9')
          }
        ]
      }
      actions: actions
    }
  }
]

resource storageDenied 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (name, i) in accountNames: {
    name: '${name}-denied'
    location: 'global'
    tags: tags
    properties: {
      description: 'Somebody without a right to it called the account: another role, or a role assignment that is missing.'
      severity: 1
      enabled: true
      scopes: [accounts[i].id]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'denied'
            criterionType: 'StaticThresholdCriterion'
            metricName: 'Transactions'
            dimensions: [
              {
                name: 'ResponseType'
                operator: 'Include'
                values: ['AuthorizationError']
              }
            ]
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: actions
    }
  }
]

resource probes 'Microsoft.Insights/webtests@2022-06-15' = [
  for app in watched: {
    name: '${app.name}-health'
    location: location
    tags: union(tags, {
      // So the portal finds the component it belongs to.
      'hidden-link:${insights.id}': 'Resource'
    })
    kind: 'standard'
    properties: {
      SyntheticMonitorId: '${app.name}-health'
      Name: '${app.name}-health'
      Kind: 'standard'
      Enabled: true
      Frequency: 300
      Timeout: 30
      RetryEnabled: true
      Locations: [
        {
          Id: 'emea-nl-ams-azr'
        }
        {
          Id: 'us-va-ash-azr'
        }
        {
          Id: 'apac-sg-sin-azr'
        }
      ]
      Request: {
        RequestUrl: 'https://${app.host}/relay/v1/health'
        HttpVerb: 'GET'
        ParseDependentRequests: false
      }
      ValidationRules: {
        ExpectedHttpStatusCode: 200
        SSLCheck: true
        SSLCertRemainingLifetimeCheck: 7
      }
    }
  }
]

resource appAway 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (app, i) in watched: {
    name: '${app.name}-availability'
    location: 'global'
    tags: tags
    properties: {
      description: 'The app does not answer from two places.'
      severity: 0
      enabled: true
      scopes: [probes[i].id, insights.id]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
        webTestId: probes[i].id
        componentId: insights.id
        failedLocationCount: 2
      }
      actions: actions
    }
  }
]
