using System.Globalization;
using PocSync.Core.Records;
using PocSync.Soql;
using RecordId = PocSync.Core.Records.RecordId;

namespace PocSync.Core.Rules;

/// <summary>Binds conditions to records: scopes to accounts as corrected so far, pools to users for an account.</summary>
public static class RecordConditions
{
    /// <summary>A scope over accounts. Every field it names is there (see <see cref="MissingField"/>).</summary>
    public static Func<Account, bool> OverAccounts(Condition scope, Draft draft) =>
        scope.Compile<Account>(path => Access<Account>(draft, "Account", account => account, path.Parts, 0), Dates(draft.Snapshot.AsOf));

    /// <summary>A pool over users, for an account.</summary>
    public static Func<(User User, Account Account), bool> OverUsers(Condition pool, Draft draft) =>
        pool.Compile<(User User, Account Account)>(
            path => Access<(User User, Account Account)>(draft, "User", pair => pair.User, path.Parts, 0),
            Dates(draft.Snapshot.AsOf),
            path => Access<(User User, Account Account)>(draft, "Account", pair => pair.Account, path.Parts, 1));

    /// <summary>The values that a pool takes from an account, so that accounts that agree in them have one pool.</summary>
    public static string PoolKey(Condition pool, Draft draft, Account account) =>
        string.Join('\u001f', pool.Binds.Select(b => Access<Account>(draft, "Account", a => a, b.Parts, 1).Read(account)?.ToString()));

    /// <summary>What the fields that a scope names say on an account, each once; null where blank.</summary>
    public static IEnumerable<(string Field, string? Value)> Values(Condition scope, Draft draft, Account account) =>
        scope.Fields.DistinctBy(f => f.ToString(), StringComparer.OrdinalIgnoreCase)
            .Select(f => (f.ToString(), Access<Account>(draft, "Account", a => a, f.Parts, 0).Read(account) switch
            {
                DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                DateTimeOffset instant => instant.ToString("u", CultureInfo.InvariantCulture),
                var value => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null,
            }));

    /// <summary>The first field of a condition that the data does not have, as <c>Account.Region__c</c>, or null.</summary>
    public static string? MissingField(Condition condition, string objectName, Presence presence)
    {
        var steps = condition.Fields.SelectMany(f => WantedFields.Steps(objectName, f.Parts))
            .Concat(condition.Binds.SelectMany(b => WantedFields.Steps("Account", [.. b.Parts.Skip(1)])));
        foreach (var (on, field) in steps)
        {
            if (!presence.HasColumn(on, field))
            {
                return $"{on}.{field}";
            }
        }

        return null;
    }

    /// <summary>Checks types without data: every field is taken as there. Throws <see cref="SoqlException"/>.</summary>
    internal static void CheckTypes(Condition condition, string objectName, Names names)
    {
        FieldAccess<object> Typed(string on, IReadOnlyList<string> parts)
        {
            var (last, field) = WantedFields.Steps(on, parts).Last();
            return new FieldAccess<object>(field.Contains('.') ? FieldType.Untyped : WantedFields.TypeOf(last, field, names.PackageField(last, field)), _ => null);
        }

        condition.Compile<object>(
            path => Typed(objectName, path.Parts),
            new DateContext(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc),
            path => Typed("Account", [.. path.Parts.Skip(1)]));
    }

    private static DateContext Dates(AsOf asOf) => new(asOf.Now, asOf.Zone);

    private static FieldAccess<TRow> Access<TRow>(Draft draft, string objectName, Func<TRow, object?> record, IReadOnlyList<string> parts, int at)
    {
        while (at < parts.Count - 1)
        {
            var (field, target) = KnownFields.Relationship(objectName, parts[at])
                ?? throw new InvalidOperationException($"{objectName}.{parts[at]} is not a relationship that can be followed.");
            var (of, from) = (record, objectName);
            record = row => of(row) is { } found ? Target(draft, Reference(draft, from, found, field), target) : null;
            (objectName, at) = (target, at + 1);
        }

        var (last, name) = (record, parts[at]);
        if (objectName == "Account" && name.Equals("OwnerId", StringComparison.OrdinalIgnoreCase))
        {
            return new FieldAccess<TRow>(FieldType.Id, row => last(row) is Account account ? TextOf(draft.OwnerOf(account)) : null);
        }

        var isAccount = objectName == "Account";
        var index = (isAccount ? draft.Snapshot.AccountFields : draft.Snapshot.UserFields)[name];
        var type = draft.Snapshot.TypeOf(objectName, name);
        return new FieldAccess<TRow>(type, isAccount
            ? row => last(row) is Account account ? account.Extra[index] : null
            : row => last(row) is User user ? user.Extra[index] : null);
    }

    private static string? TextOf(RecordId id) => id.IsNone ? null : id.ToString();

    private static RecordId Reference(Draft draft, string objectName, object record, string field) => (record, field) switch
    {
        (Account account, "OwnerId") => draft.OwnerOf(account),
        (Account account, "ParentId") => account.ParentId,
        (User user, "ManagerId") => user.ManagerId,
        (Account account, _) => Id(account.Extra[draft.Snapshot.AccountFields[field]]),
        (User user, _) => Id(user.Extra[draft.Snapshot.UserFields[field]]),
        _ => throw new InvalidOperationException($"{objectName} has no references."),
    };

    private static RecordId Id(object? value) => value is string text && RecordId.TryParse(text, out var id) ? id : default;

    private static object? Target(Draft draft, RecordId id, string target) =>
        target == "Account" ? draft.Snapshot.FindAccount(id) : draft.Snapshot.Users.GetValueOrDefault(id);
}
