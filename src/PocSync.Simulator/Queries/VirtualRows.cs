using System.Text.RegularExpressions;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;

namespace PocSync.Simulator.Queries;

/// <summary>
/// Objects whose rows the platform works out: UserRecordAccess, of one user and the records asked for, EntityDefinition, and UserPermissionAccess, of
/// whoever asks, who has every permission that is not hidden. Access comes from
/// ownership, the account team, shares, the org-wide default and the administrator's profile, of an account's contacts, opportunities and cases from the account's too;
/// role hierarchy and sharing rules are not simulated.
/// </summary>
internal sealed partial class VirtualRows(Org org, string soql)
{
    private static readonly string[] Levels = ["None", "Read", "Edit", "Delete", "Transfer", "All"];

    /// <summary>A row is the <see cref="SObject"/> that it describes.</summary>
    public static QueryObject EntityDefinition { get; } = new("EntityDefinition",
    [
        Entity("Id", FieldType.Text, o => o.Name),
        Entity("DurableId", FieldType.Text, o => o.Name),
        Entity("QualifiedApiName", FieldType.Text, o => o.Name),
        Entity("DeveloperName", FieldType.Text, o => o.IsCustom ? o.Name[..o.Name.LastIndexOf("__", StringComparison.Ordinal)] : o.Name),
        Entity("MasterLabel", FieldType.Text, o => o.Label),
        Entity("Label", FieldType.Text, o => o.Label),
        Entity("PluralLabel", FieldType.Text, o => o.LabelPlural),
        Entity("KeyPrefix", FieldType.Text, o => o.ShowsPrefix ? o.KeyPrefix : null),
        Entity("NamespacePrefix", FieldType.Text, _ => null),
        Entity("IsCustomizable", FieldType.Boolean, _ => true),
        Entity("IsQueryable", FieldType.Boolean, _ => true),
    ], []);

    /// <summary>A row is the set of what is hidden.</summary>
    public static QueryObject UserPermissionAccess { get; } = new("UserPermissionAccess",
    [
        new("Id", FieldType.Text, _ => "000000000000000AAA"),
        .. new[] { "ApiEnabled", "EditTask", "ModifyAllData", "SendCustomNotifications", "TransferAnyEntity", "ViewAllData", "ViewAllUsers", "ViewSetup" }.Select(p =>
            new QueryField($"Permissions{p}", FieldType.Boolean, row => !((IReadOnlySet<string>)row).Contains($"UserPermissionAccess.Permissions{p}"))),
    ], []);

    private readonly string? user = NamedUser().Match(soql) is { Success: true } match && RecordId.TryNormalize(match.Groups[1].Value, out var id)
        ? id : null;

    public static bool Of(string objectName) => objectName is "UserRecordAccess" or "EntityDefinition" or "UserPermissionAccess";

    public static Func<object, object?> AccessField(string name) => name switch
    {
        "UserId" => row => ((Access)row).UserId,
        "RecordId" => row => ((Access)row).RecordId,
        "MaxAccessLevel" => row => Levels[((Access)row).Level],
        "HasReadAccess" => row => ((Access)row).Level >= 1,
        "HasEditAccess" => row => ((Access)row).Level >= 2,
        "HasDeleteAccess" => row => ((Access)row).Level >= 3,
        "HasTransferAccess" => row => ((Access)row).Level >= 4,
        "HasAllAccess" => row => ((Access)row).Level >= 5,
        _ => _ => null,
    };

    public IEnumerable<object> Rows(string objectName) =>
        objectName == "EntityDefinition" ? org.Schema.Objects
        : objectName == "UserPermissionAccess" ? [org.Settings.Hidden]
        : AccessOf(org["Account"].LiveRows().Select(org["Account"].Id));

    public IEnumerable<object>? Lookup(string objectName, string field, IReadOnlyCollection<string> ids) =>
        objectName == "UserRecordAccess" && field == "RecordId" ? AccessOf(ids) : null;

    private IEnumerable<object> AccessOf(IEnumerable<string> records) =>
        user is null ? [] : records.Where(id => org.Find(id) is var (table, row) && table.IsLive(row)).Select(id => new Access(user, id, Level(id)));

    private int Level(string record)
    {
        var (table, row) = org.Find(record)!.Value;
        var users = org["User"];
        if (users.FindLive(user!) is var userRow && (userRow < 0 || users[userRow, users.Schema["IsActive"]] is not true))
            return 0;
        var profiles = org["Profile"];
        var profile = users.Text(userRow, users.Schema["ProfileId"]) is { } profileId ? profiles.Find(profileId) : -1;
        if ((table.Schema.Owner is { } owner && table.Text(row, owner) == user)
            || (profile >= 0 && profiles[profile, profiles.Schema["Name"]] is "System Administrator"))
            return 5;
        var organization = org["Organization"];
        var account = table.Schema.Name switch
        {
            "Account" => record,
            "Contact" or "Opportunity" or "Case" => table.Text(row, table.Schema["AccountId"]),
            _ => null,
        };
        var level = organization.Schema.Find($"Default{table.Schema.Name}Access") is { } defaults ? Of(organization[0, defaults]) : 2;
        if (account is not null)
        {
            // Whoever owns an account sees what hangs on it; whether they may change that too is a setting of their role.
            var accounts = org["Account"];
            if (account != record && accounts.FindLive(account) is >= 0 and var above && accounts.Text(above, accounts.Schema["OwnerId"]) == user)
                level = Math.Max(level, 1);
            foreach (var (grants, grantee) in (IEnumerable<(Table, string)>)[(org["AccountTeamMember"], "UserId"),
                (org["AccountShare"], "UserOrGroupId")])
                foreach (var grant in grants.LiveRows(grants.Schema["AccountId"], account))
                    if (grants.Text(grant, grants.Schema[grantee]) == user)
                        level = Math.Max(level, Of(grants[grant, grants.Schema[$"{table.Schema.Name}AccessLevel"]]));
        }
        return level;

        int Of(object? name) => name is "ControlledByParent" && account is not null && account != record ? Level(account) : Math.Max(0, Array.IndexOf(Levels, name as string));
    }

    private static QueryField Entity(string name, FieldType type, Func<SObject, object?> read) => new(name, type, row => read((SObject)row));

    private sealed record Access(string UserId, string RecordId, int Level);

    [GeneratedRegex(@"\bUserId\s*=\s*'(\w{15,18})'", RegexOptions.IgnoreCase)]
    private static partial Regex NamedUser();
}
