using Microsoft.AspNetCore.Http;
using Relay.Shared.Billing;

namespace Relay.Functions.Billing;

/// <summary>Takes a bill's days from the query.</summary>
internal static class BillingQuery
{
    internal static BillingQuestion Read(HttpRequest request) => new(request.Query["start"].ToString(), request.Query["end"].ToString());
}
