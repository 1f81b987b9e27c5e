using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;
using Relay.Shared.Administration.People;
using Relay.Shared.Administration.Tenants;

namespace Relay.Functions.Admin;

/// <summary>Who may use the admin API, and the sweep of what ended.</summary>
public sealed class AdminPeopleFunctions(AdminEndpoint endpoint, WhoMayAccess people, SweepAccess sweep)
{
    [Function("AdminAddPerson")]
    public Task<IResult> AddAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/admin/people")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.AddPerson, request, AdminJson.Default.AddPersonRequest, people.AddAsync, AdminJson.Default.AddPersonResponse, cancellationToken);

    [Function("AdminListPeople")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/people")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.ListPeople, request, (_, token) => people.ListAsync(token), AdminJson.Default.ListPeopleResponse, cancellationToken);

    [Function("AdminSetPersonRoles")]
    public Task<IResult> SetRolesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/people/{personId}/roles")] HttpRequest request,
        string personId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.SetPersonRoles,
            request,
            AdminJson.Default.SetPersonRolesRequest,
            (body, token) => people.SetRolesAsync(personId, body, token),
            AdminJson.Default.AdminSuccess,
            cancellationToken);

    [Function("AdminRemovePerson")]
    public Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "relay/v1/admin/people/{personId}")] HttpRequest request,
        string personId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.RemovePerson, request, (_, token) => people.RemoveAsync(personId, token), AdminJson.Default.AdminSuccess, cancellationToken);

    [Function("AdminSweepAccess")]
    public Task SweepAsync([TimerTrigger("0 40 3 * * *")] TimerInfo timer, CancellationToken cancellationToken) => sweep.ExecuteAsync(cancellationToken);
}
