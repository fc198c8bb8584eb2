using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Queries;

/// <summary>What USING SCOPE can ask for, as describe tells it: everything; mine, where rows have owners; team, the accounts on whose team one is.</summary>
internal static class Scopes
{
    public static IEnumerable<(string Name, string Label)> Of(SObject schema)
    {
        yield return ("everything", $"All {schema.LabelPlural.ToLowerInvariant()}");
        if (schema.Owner is not null)
            yield return ("mine", $"My {schema.LabelPlural.ToLowerInvariant()}");
        if (schema.Name == "Account")
            yield return ("team", $"My team's {schema.LabelPlural.ToLowerInvariant()}");
    }

    public static bool Has(SObject schema, string name) => Of(schema).Any(scope => scope.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The test of a row's number; null where the object has no such scope.</summary>
    /// <param name="user">Who asks.</param>
    public static Func<object, bool>? Filter(Org org, SObject schema, string name, string user)
    {
        var table = org[schema];
        switch (Of(schema).FirstOrDefault(scope => scope.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Name)
        {
            case "everything":
                return _ => true;
            case "mine":
                return row => table.Text((int)row, schema.Owner!) == user;
            case "team":
                var members = org["AccountTeamMember"];
                var accounts = members.LiveRows(members.Schema["UserId"], user).Select(member => members.Text(member, members.Schema["AccountId"])).ToHashSet();
                return row => accounts.Contains(table.Id((int)row));
            default:
                return null;
        }
    }
}
