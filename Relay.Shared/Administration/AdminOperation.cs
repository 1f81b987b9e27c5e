namespace Relay.Shared.Administration;

/// <summary>
/// The one table of who may do what on the admin API (docs/wire-compatibility.md §3): a row for each of its functions. What a row records is written to the audit
/// before it is done; reading proofs and bills opens nothing and is not.
/// </summary>
public sealed class AdminOperation
{
    private const AdminRoles Admin = AdminRoles.Admin;
    private const AdminRoles Developers = AdminRoles.Admin | AdminRoles.Developer;
    private const AdminRoles Readers = Developers | AdminRoles.Analyst;
    private const AdminRoles Anybody = Readers | AdminRoles.Billing;
    private const AdminRoles Accountants = AdminRoles.Admin | AdminRoles.Billing;

    private static readonly List<AdminOperation> s_rows = [];

    public static readonly AdminOperation CreateBusiness = new("AdminCreateBusiness", "business.create", "business", Admin, AdminReach.All);
    public static readonly AdminOperation ListBusinesses = new("AdminListBusinesses", "business.list", "business", Anybody, AdminReach.Own);
    public static readonly AdminOperation ShowBusiness = new("AdminShowBusiness", "business.show", "business", Readers);
    public static readonly AdminOperation RenameBusiness = new("AdminRenameBusiness", "business.rename", "business", Admin);
    public static readonly AdminOperation CloseBusiness = new("AdminCloseBusiness", "business.close", "business", Admin);
    public static readonly AdminOperation RotateAppSecret = new("AdminRotateAppSecret", "app_secret.rotate", "app_secret", Admin);
    public static readonly AdminOperation ListWabas = new("AdminListWabas", "waba.list", "business", Readers);
    public static readonly AdminOperation SetSignalPolicy = new("AdminSetSignalPolicy", "signal_policy.set", "setting", Admin);
    public static readonly AdminOperation SetReplayWindow = new("AdminSetReplayWindow", "replay_window.set", "setting", Admin);

    public static readonly AdminOperation RegisterNumber = new("AdminRegisterNumber", "number.register", "number", Admin);
    public static readonly AdminOperation ListNumbers = new("AdminListNumbers", "number.list", "number", Readers);
    public static readonly AdminOperation ShowNumber = new("AdminShowNumber", "number.show", "number", Readers);
    public static readonly AdminOperation DeregisterNumber = new("AdminDeregisterNumber", "number.deregister", "number", Admin);
    public static readonly AdminOperation RemoveNumber = new("AdminRemoveNumber", "number.remove", "number", Admin);
    public static readonly AdminOperation SetThroughput = new("AdminSetThroughput", "throughput.set", "setting", Admin);

    public static readonly AdminOperation AddSystemUser = new("AdminAddSystemUser", "system_user.add", "system_user", Admin);
    public static readonly AdminOperation ListSystemUsers = new("AdminListSystemUsers", "system_user.list", "system_user", Developers);
    public static readonly AdminOperation RemoveSystemUser = new("AdminRemoveSystemUser", "system_user.remove", "system_user", Admin);

    public static readonly AdminOperation IssueToken = new("AdminIssueToken", "token.issue", "access_token", Developers);
    public static readonly AdminOperation ListTokens = new("AdminListTokens", "token.list", "access_token", Developers);
    public static readonly AdminOperation ShowToken = new("AdminShowToken", "token.show", "access_token", Developers);
    public static readonly AdminOperation SetTokenExpiry = new("AdminSetTokenExpiry", "token.expire", "access_token", Developers);
    public static readonly AdminOperation RevokeToken = new("AdminRevokeToken", "token.revoke", "access_token", Developers);

    public static readonly AdminOperation SetWebhook = new("AdminSetWebhook", "webhook.set", "webhook", Developers);
    public static readonly AdminOperation ShowWebhook = new("AdminShowWebhook", "webhook.show", "webhook", Developers);
    public static readonly AdminOperation RemoveWebhook = new("AdminRemoveWebhook", "webhook.remove", "webhook", Developers);
    public static readonly AdminOperation AddSubscriber = new("AdminAddSubscriber", "subscriber.add", "webhook", Developers);
    public static readonly AdminOperation ListSubscribers = new("AdminListSubscribers", "subscriber.list", "webhook", Developers);
    public static readonly AdminOperation RemoveSubscriber = new("AdminRemoveSubscriber", "subscriber.remove", "webhook", Developers);

    public static readonly AdminOperation ShowIntegrity = new("AdminShowIntegrity", "integrity.show", "count", Readers);
    public static readonly AdminOperation ListIntegrity = new("AdminListIntegrity", "integrity.list", "count", Readers, AdminReach.All);
    public static readonly AdminOperation SetIntegrity = new("AdminSetIntegrity", "integrity.set", "setting", Admin, AdminReach.All);

    // All: who administers the reported business must not read what its users say of it.
    public static readonly AdminOperation ListReports = new("AdminListReports", "report.list", "message_content", Admin, AdminReach.All);
    public static readonly AdminOperation CloseReport = new("AdminCloseReport", "report.close", "message_content", Admin, AdminReach.All) { IsOperatorsAffair = true };
    public static readonly AdminOperation SetReportKey = new("AdminSetReportKey", "report_key.set", "setting", Admin, AdminReach.All);

    public static readonly AdminOperation AddPerson = new("AdminAddPerson", "person.add", "person", Admin, AdminReach.All);
    public static readonly AdminOperation ListPeople = new("AdminListPeople", "person.list", "person", Admin, AdminReach.All);
    public static readonly AdminOperation SetPersonRoles = new("AdminSetPersonRoles", "person.roles", "person", Admin, AdminReach.All);
    public static readonly AdminOperation RemovePerson = new("AdminRemovePerson", "person.remove", "person", Admin, AdminReach.All);

    public static readonly AdminOperation ListAudit = new("AdminListAudit", "audit.list", "proof", Readers) { IsRecorded = false };
    public static readonly AdminOperation ListAudited = new("AdminListAudited", "audit.businesses", "proof", Readers, AdminReach.All) { IsRecorded = false };
    public static readonly AdminOperation ListReceipts = new("AdminListDeletionReceipts", "receipt.list", "proof", Readers) { IsRecorded = false };
    public static readonly AdminOperation ShowSigningKey = new("AdminShowSigningKey", "signing_key.show", "proof", Readers, AdminReach.Own) { IsRecorded = false };
    public static readonly AdminOperation ShowPrivacy = new("AdminShowPrivacy", "privacy.show", "proof", Readers);
    public static readonly AdminOperation ShowAllPrivacy = new("ShowPrivacy", "privacy.show", "proof", Admin, AdminReach.All) { IsRecorded = false };
    public static readonly AdminOperation ShowBilling = new("AdminShowBilling", "billing.show", "count", Accountants) { IsRecorded = false };

    public static readonly AdminOperation ListStatistics = new("AdminListStatistics", "statistics.list", "count", Readers, AdminReach.Own) { IsRecorded = false };

    private AdminOperation(string function, string name, string data, AdminRoles roles, AdminReach reach = AdminReach.Business)
    {
        (Function, Name, Data, Roles, Reach) = (function, name, data, roles, reach);
        s_rows.Add(this);
    }

    public static IReadOnlyList<AdminOperation> All => s_rows;

    /// <summary>The function that does it.</summary>
    public string Function { get; }

    /// <summary>As the audit says it.</summary>
    public string Name { get; }

    /// <summary>The class of data that it is about.</summary>
    public string Data { get; }

    /// <summary>Who may: any of these.</summary>
    public AdminRoles Roles { get; }

    public AdminReach Reach { get; }

    public bool IsRecorded { get; private init; } = true;

    /// <summary>Whether its entries are the operator's also where a business is named: they would tell the business what it must not know, here that a user has shown a message.</summary>
    public bool IsOperatorsAffair { get; private init; }

    public override string ToString() => Name;
}
