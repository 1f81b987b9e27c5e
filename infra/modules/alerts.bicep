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

param timers string[]

@description('Those of them that run at least hourly: only their silence says something within two hours.')
param hourlyTimers string[]

@description('Functions of poison queues.')
param poison string[]

@description('Error codes of the Cloud API that are answered with 500 or more.')
param serverErrors string[]

@description('How many instances each app may have.')
param maximumInstances { app: string, instances: int }[]

param instanceMemoryMB int

@description('Cores that the subscription may use in the region.')
param quotaCores int

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
    query: 'let due = datatable(Name: string) [${join(map(hourlyTimers, name => '"${name} Count"'), ', ')}]; due | join kind=leftouter (AppMetrics | where TimeGenerated > ago(2h) | summarize Runs = sum(Sum) by Name) on Name | where coalesce(Runs, 0.0) == 0.0 | summarize Value = count()'
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
    name: 'server-errors'
    severity: 1
    description: 'More than 1 % of what the Cloud API accepted or refused was refused with 500 or more.'
    query: 'AppMetrics | where Name in ("relay.messages.accepted", "relay.requests.refused") | summarize Wrong = sumif(Sum, Name == "relay.requests.refused" and tostring(Properties.code) in (dynamic(${string(serverErrors)}))), All = sum(Sum) | extend Value = iff(All > 0, 100.0 * Wrong / All, 0.0)'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 1
  }
  {
    name: 'webhooks-fail'
    severity: 2
    description: 'Less than 95 % of the attempts to tell a subscriber succeed.'
    query: 'AppMetrics | where Name == "relay.webhooks.attempts" and tostring(Properties.outcome) != "busy" | summarize Told = sumif(Sum, tostring(Properties.outcome) == "delivered"), All = sum(Sum) | extend Value = iff(All > 0, 100.0 - 100.0 * Told / All, 0.0)'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 5
  }
  {
    name: 'session-races'
    severity: 2
    description: 'More than 1 % of the commits of sessions took more than five attempts: the 99th percentile is above 5.'
    query: 'AppMetrics | where Name == "relay.sessions.commits" | summarize Many = sumif(Sum, tostring(Properties.attempts) == "many"), All = sum(Sum) | extend Value = iff(All > 0, 100.0 * Many / All, 0.0)'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 1
  }
  {
    name: 'message-unsent'
    severity: 0
    description: 'A message that is committed could not leave for more than five minutes.'
    query: 'AppMetrics | where Name == "relay.messages.unsent" | summarize Value = coalesce(max(Max), 0.0)'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 300
  }
  {
    name: 'message-lost'
    severity: 0
    description: 'A message reached the end of its days, never left, and its business was told nothing.'
    query: 'AppMetrics | where Name == "relay.messages.lost" | summarize Value = sum(Sum)'
    window: 'PT2H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'row-too-old'
    severity: 0
    description: 'A run of DeleteExpired left rows that are older than 30 days, or none has come that far for two hours.'
    query: 'AppMetrics | where Name == "relay.expired.oldest" | summarize Runs = count(), Oldest = max(Max) | extend Value = toint(Runs == 0 or Oldest > 2592000.0)'
    window: 'PT2H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'instances-near-maximum'
    severity: 2
    description: 'An app runs more than 80 % of the instances that it may have.'
    query: 'datatable(AppRoleName: string, Most: real) [${join(map(maximumInstances, most => '"${most.app}", ${most.instances}.0'), ', ')}] | join kind=leftouter (AppMetrics | where TimeGenerated > ago(5m) | summarize Now = dcount(AppRoleInstance) by AppRoleName) on AppRoleName | summarize Value = coalesce(max(100.0 * Now / Most), 0.0)'
    window: 'PT5M'
    operator: 'GreaterThan'
    threshold: 80
  }
  {
    name: 'quota-near-end'
    severity: 2
    description: 'The apps together use more than 80 % of the cores that the subscription has in the region.'
    query: 'AppMetrics | where TimeGenerated > ago(5m) and AppRoleName in (dynamic(${string(map(maximumInstances, most => most.app))})) | summarize Value = coalesce(dcount(AppRoleInstance) * ${instanceMemoryMB}.0 / 2048.0 * 100.0 / ${quotaCores}.0, 0.0)'
    window: 'PT5M'
    operator: 'GreaterThan'
    threshold: 80
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

resource storageSlow 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (name, i) in accountNames: {
    name: '${name}-slow'
    location: 'global'
    tags: tags
    properties: {
      description: 'The account takes a second to answer, end to end.'
      severity: 2
      enabled: true
      scopes: [accounts[i].id]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'slow'
            criterionType: 'StaticThresholdCriterion'
            metricName: 'SuccessE2ELatency'
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
