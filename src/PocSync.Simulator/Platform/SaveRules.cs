using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;

namespace PocSync.Simulator.Platform;

/// <summary>What refuses a row once its values stand: approval locks, uniqueness, the account team's own rules, and the admin's validation
/// rules.</summary>
internal sealed class SaveRules(Org org)
{
    private readonly Dictionary<SObject, IReadOnlyList<(ValidationRule Rule, Func<int, bool> Holds)>> compiled = [];

    /// <summary>A pending approval locks its record for everyone.</summary>
    public void CheckLock(Table table, int row)
    {
        var approvals = org["ProcessInstance"];
        if (approvals.Slots > 0
            && approvals.LiveRows(approvals.Schema["TargetObjectId"], table.Id(row)).Any(r => approvals[r, approvals.Schema["Status"]] is "Pending"))
            throw new RowRefusedException("ENTITY_IS_LOCKED", "the entity is locked for editing");
    }

    public void CheckUnique(Table table, int row, Draft draft)
    {
        foreach (var (field, value) in draft.Values)
            if (field.Unique && value is string text && table.LiveRows(field, text).FirstOrDefault(r => r != row, -1) is >= 0 and var other)
                throw new RowRefusedException("DUPLICATE_VALUE",
                    $"duplicate value found: {field.Name} duplicates value on record with id: {SalesforceId.Short(table.Id(other))}");
    }

    /// <summary>A team member is active, and on the team once. Whether a second insert fails or updates on a real org is unverified; here it
    /// fails.</summary>
    public void CheckTeamMember(Table table, int row)
    {
        if (table.Schema.Name != "AccountTeamMember")
            return;
        var (account, user) = (table.Schema["AccountId"], table.Schema["UserId"]);
        var users = org["User"];
        var member = table.Text(row, user)!;
        if (users[users.Find(member), users.Schema["IsActive"]] is not true)
            throw new RowRefusedException("INACTIVE_OWNER_OR_USER", $"operation performed with inactive user [{SalesforceId.Short(member)}]",
                "UserId");
        var others = table.LiveRows(account, table.Text(row, account)!).Where(r => r != row);
        if (others.FirstOrDefault(r => table.Text(r, user) == member, -1) is >= 0 and var other)
            throw new RowRefusedException("DUPLICATE_VALUE",
                $"duplicate value found: UserId duplicates value on record with id: {SalesforceId.Short(table.Id(other))}");
    }

    public void CheckValidation(Table table, int row)
    {
        if (!compiled.TryGetValue(table.Schema, out var rules))
            compiled[table.Schema] = rules = Compile(org, table);
        foreach (var (rule, holds) in rules)
            if (holds(row))
                throw new RowRefusedException("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.Message, rule.Field is null ? [] : [rule.Field]);
    }

    /// <exception cref="ArgumentException">One sentence: the rule names an unknown object or its condition cannot be read.</exception>
    public static void Verify(Org org, IReadOnlyList<ValidationRule> rules)
    {
        foreach (var rule in rules)
        {
            if (!org.Schema.TryFind(rule.Object, out var schema))
                throw new ArgumentException($"A validation rule names the object '{rule.Object}', which the org does not have.");
            try
            {
                CompileRule(org, org[schema], rule);
            }
            catch (SoqlException e)
            {
                throw new ArgumentException($"The validation rule '{rule.Condition}' on {schema.Name} cannot be used: {e.Message}");
            }
        }
    }

    private static List<(ValidationRule, Func<int, bool>)> Compile(Org org, Table table) =>
        [.. org.Settings.ValidationRules.Where(r => r.Object.Equals(table.Schema.Name, StringComparison.OrdinalIgnoreCase))
            .Select(r => (r, CompileRule(org, table, r)))];

    private static Func<int, bool> CompileRule(Org org, Table table, ValidationRule rule) =>
        Condition.Parse(rule.Condition).Compile<int>(path => Access(org, table, path.Parts), org.Dates);

    private static FieldAccess<int>? Access(Org org, Table table, IReadOnlyList<string> parts)
    {
        if (parts.Count == 1)
            return table.Schema.Find(parts[0]) is { } field ? new(field.Soql, row => table[row, field]) : null;
        if (table.Schema.FindRelationship(parts[0]) is not { } reference
            || reference.ReferenceTo.FirstOrDefault(t => org.Schema.TryFind(t, out _)) is not { } target
            || Access(org, org[target], [.. parts.Skip(1)]) is not { } inner)
            return null;
        return new(inner.Type, row =>
            table.Text(row, reference) is { } id && org[target].Find(id) is >= 0 and var parent ? inner.Read(parent) : null);
    }
}
