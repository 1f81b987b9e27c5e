using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Administration.People;

/// <summary>
/// Who may use the admin API. Changes come one after another, so that of two that each leave one administrator none can leave nobody: where the admin token is
/// switched off, somebody stays an ADMIN for all businesses. Other instances notice within half a minute.
/// </summary>
public sealed class WhoMayAccess(PeopleStore store, PeopleDirectory directory, BusinessStore businesses, AdminAccess access, TimeProvider time)
{
    private const int MaxName = 100;
    private const int MaxRoles = 100;
    private const int MaxRaces = 20;

    public async Task<Result<AddPersonResponse, GraphError>> AddAsync(AddPersonRequest request, CancellationToken cancellationToken)
    {
        if (request.Name is { Length: > MaxName })
        {
            return GraphErrorCode.ParameterInvalid.Because($"name must have at most {MaxName} characters.");
        }

        if (!(await ReadAsync(request.Roles, cancellationToken)).TryGet(out IReadOnlyList<AdminRight>? rights, out GraphError? mistake)
            || !Identify(request).TryGet(out Identity? identity, out mistake))
        {
            return mistake;
        }

        Person person = new()
        {
            Id = identity.Id,
            Name = new Sensitive<string>(request.Name ?? string.Empty),
            Rights = rights,
            IsApp = request.IsApp ?? false,
            KeyHash = identity.Key?.Hash,
            Added = time.GetUtcNow(),
        };
        return await ChangeAsync(
            people => people switch
            {
                _ when people.FirstOrDefault(one => one.Id == person.Id) is { } there => IsSame(there, person)
                    ? Change.Nothing
                    : Change.No(GraphErrorCode.ParameterInvalid.Because("That person is there already: set their roles.")),
                { Count: >= PeopleStore.MaxPeople } => Change.No(GraphErrorCode.ParameterInvalid.Because($"There are at most {PeopleStore.MaxPeople} people.")),
                _ => Change.To(person),
            },
            cancellationToken) is { } refusal
                ? refusal
                : new AddPersonResponse(person.Id.Value, identity.Key?.Reveal().Reveal());
    }

    public async Task<Result<ListPeopleResponse, GraphError>> ListAsync(CancellationToken cancellationToken) =>
        new ListPeopleResponse([.. (await store.ListAsync(cancellationToken)).People.Select(ListedPerson.From)]);

    public async Task<Result<AdminSuccess, GraphError>> SetRolesAsync(string personId, SetPersonRolesRequest request, CancellationToken cancellationToken)
    {
        if (!(await ReadAsync(request.Roles, cancellationToken)).TryGet(out IReadOnlyList<AdminRight>? rights, out GraphError? mistake))
        {
            return mistake;
        }

        return Answer(await ChangeAsync(
            people => Find(people, personId) is not { } person ? Change.No(UnknownPerson) : WithLastAdmin(people, person.With(rights)),
            cancellationToken));
    }

    public async Task<Result<AdminSuccess, GraphError>> RemoveAsync(string personId, CancellationToken cancellationToken) => Answer(await ChangeAsync(
        people => Find(people, personId) is not { } person ? Change.No(UnknownPerson) : WithLastAdmin(people, person.With([])),
        cancellationToken));

    /// <summary>Ends the rights that are for businesses which are no more; whoever has none left goes.</summary>
    internal async Task EndRightsAsync(Func<BusinessId, CancellationToken, Task<bool>> isGone, CancellationToken cancellationToken)
    {
        foreach (Person person in (await store.ListAsync(cancellationToken)).People)
        {
            HashSet<BusinessId> gone = [];
            foreach (BusinessId business in person.Rights.Select(right => right.Business).OfType<BusinessId>().Distinct())
            {
                if (await isGone(business, cancellationToken))
                {
                    gone.Add(business);
                }
            }

            if (gone.Count > 0)
            {
                await ChangeAsync(
                    people => people.FirstOrDefault(one => one.Id == person.Id) is { } now
                        ? Change.To(now.With([.. now.Rights.Where(right => right.Business is not { } of || !gone.Contains(of))]))
                        : Change.Nothing,
                    cancellationToken);
            }
        }
    }

    private static GraphError UnknownPerson => GraphErrorCode.UnknownObject.Because("There is no such person.");

    private static Result<AdminSuccess, GraphError> Answer(GraphError? refusal) => refusal is null ? new AdminSuccess() : refusal;

    private static Person? Find(IReadOnlyList<Person> people, string id) => people.FirstOrDefault(one => one.Id.Value == id);

    /// <summary>Also when an answer was lost, and what repeats the write finds its own work.</summary>
    private static bool IsSame(Person there, Person asked) => there.IsApp == asked.IsApp
        && there.Rights.SequenceEqual(asked.Rights)
        && (there.KeyHash ?? []).AsSpan().SequenceEqual(asked.KeyHash);

    private Change WithLastAdmin(IReadOnlyList<Person> people, Person next) =>
        access.IsAdminTokenDisabled && !people.Any(one => (one.Id == next.Id ? next : one).IsAdmin)
            ? Change.No(GraphErrorCode.ParameterInvalid.Because("Somebody must stay an ADMIN for all businesses while the admin token is switched off."))
            : Change.To(next);

    private async Task<GraphError?> ChangeAsync(Func<IReadOnlyList<Person>, Change> decide, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            (IReadOnlyList<Person> people, PeopleHead? head) = await store.ListAsync(cancellationToken);
            Change change = decide(people);
            if (change.Next is not { } next)
            {
                return change.Refusal;
            }

            bool isSaved = next.Rights.Count == 0
                ? await store.TryRemoveAsync(head, next.Id, cancellationToken)
                : await store.TryPutAsync(head, next, cancellationToken);
            directory.Forget(next.Id);
            if (isSaved)
            {
                return null;
            }
        }

        throw new StorageFaultException("people change", TableNames.People, 412, "Raced");
    }

    private async Task<Result<IReadOnlyList<AdminRight>, GraphError>> ReadAsync(IReadOnlyList<RoleMessage?>? roles, CancellationToken cancellationToken)
    {
        if (roles is not { Count: > 0 and <= MaxRoles })
        {
            return GraphErrorCode.ParameterInvalid.Because($"roles must hold 1 to {MaxRoles} roles: role, and business_id for one business alone.");
        }

        List<AdminRight> rights = [];
        foreach (RoleMessage? role in roles)
        {
            if (RoleNames.Parse(role?.Role) is not (not AdminRoles.None and var parsed))
            {
                return GraphErrorCode.ParameterInvalid.Because($"role must be one of {RoleNames.All}.");
            }

            BusinessId? business = null;
            if (role?.BusinessId is { } text)
            {
                if (!BusinessId.TryParse(text, out BusinessId id) || !await businesses.ExistsAsync(id, cancellationToken))
                {
                    return GraphErrorCode.ParameterInvalid.Because("business_id must be a business's id; without one the role is for all.");
                }

                business = id;
            }

            rights.Add(new AdminRight(parsed, business));
        }

        return Result(rights);
    }

    private static Result<IReadOnlyList<AdminRight>, GraphError> Result(List<AdminRight> rights)
    {
        AdminRight[] distinct = [.. rights.Distinct()];
        return distinct;
    }

    private Result<Identity, GraphError> Identify(AddPersonRequest request)
    {
        if (request.ObjectId is not { } text)
        {
            if (request is not { Name.Length: > 0, IsApp: not true })
            {
                return GraphErrorCode.ParameterInvalid.Because("object_id is required, or name for a key; app goes with object_id.");
            }

            PersonKey key = PersonKey.Create();
            return new Identity(key.Id, key);
        }

        return access.Tenant is not { } tenant
            ? GraphErrorCode.ParameterInvalid.Because("object_id needs the settings Manager__EntraTenantId and Manager__EntraAudience; without object_id the person gets a key.")
            : !Guid.TryParseExact(text, "D", out Guid objectId)
                ? GraphErrorCode.ParameterInvalid.Because("object_id must be the object id of a user or service principal in Entra: 8-4-4-4-12 hex digits.")
                : new Identity(PersonId.Of(tenant, objectId), null);
    }

    private sealed record Identity(PersonId Id, PersonKey? Key)
    {
        public override string ToString() => Id.Value;
    }

    private sealed record Change(Person? Next, GraphError? Refusal)
    {
        internal static readonly Change Nothing = new(null, null);

        internal static Change To(Person next) => new(next, null);

        internal static Change No(GraphError refusal) => new(null, refusal);

        public override string ToString() => nameof(Change);
    }
}
