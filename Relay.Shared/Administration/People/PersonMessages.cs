using System.Text.Json.Serialization;

namespace Relay.Shared.Administration.People;

/// <summary>A role as the admin API takes and shows it.</summary>
/// <param name="Role"><c>ADMIN</c>, <c>DEVELOPER</c>, <c>ANALYST</c> or <c>BILLING</c>.</param>
/// <param name="BusinessId">For this business alone; for all when absent.</param>
public sealed record RoleMessage(
    [property: JsonPropertyName("role")] string? Role, [property: JsonPropertyName("business_id")] string? BusinessId = null);

/// <summary>Lets somebody use the admin API. <c>POST /relay/v1/admin/people</c>.</summary>
/// <param name="ObjectId">Their object id in Entra; without one they get a key.</param>
/// <param name="Name">At most 100 characters; kept sealed.</param>
/// <param name="Roles">One at least.</param>
/// <param name="IsApp">Whether it is a program that signs in as itself.</param>
public sealed record AddPersonRequest(
    [property: JsonPropertyName("object_id")] string? ObjectId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("roles")] IReadOnlyList<RoleMessage?>? Roles,
    [property: JsonPropertyName("app")] bool? IsApp = null)
{
    public override string ToString() => nameof(AddPersonRequest);
}

/// <param name="Id">Names them in the admin API.</param>
/// <param name="Key">The key of somebody without an object id, shown once.</param>
public sealed record AddPersonResponse([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("key")] string? Key)
{
    public override string ToString() => nameof(AddPersonResponse);
}

/// <summary>Sets what somebody is. <c>PUT /relay/v1/admin/people/{id}/roles</c>.</summary>
/// <param name="Roles">One at least; they take the place of those before.</param>
public sealed record SetPersonRolesRequest([property: JsonPropertyName("roles")] IReadOnlyList<RoleMessage?>? Roles);

/// <summary>Everybody. <c>GET /relay/v1/admin/people</c>.</summary>
public sealed record ListPeopleResponse([property: JsonPropertyName("data")] IReadOnlyList<ListedPerson> Data);

/// <param name="Id">Names them in the admin API.</param>
/// <param name="Kind"><c>person</c>, <c>app</c> or <c>key</c>.</param>
/// <param name="ObjectId">In Entra.</param>
/// <param name="Name">What people call them.</param>
/// <param name="Roles">What they are.</param>
/// <param name="AddedAt">In Unix seconds.</param>
public sealed record ListedPerson(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("object_id")] string? ObjectId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("roles")] IReadOnlyList<RoleMessage> Roles,
    [property: JsonPropertyName("added_at")] long AddedAt)
{
    internal static ListedPerson From(Person person) => new(
        person.Id.Value,
        person switch { { Id.IsKey: true } => "key", { IsApp: true } => "app", _ => "person" },
        person.Id.ObjectId,
        person.Name.Reveal() is { Length: > 0 } name ? name : null,
        [.. person.Rights.Select(right => new RoleMessage(RoleNames.Of(right), right.Business?.Value))],
        person.Added.ToUnixTimeSeconds());

    public override string ToString() => nameof(ListedPerson);
}
