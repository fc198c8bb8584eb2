using PocSync.Core.Records;
using PocSync.Soql;

namespace PocSync.Core.Rules;

/// <summary>The fields of Account and User that conditions mention, by the org's names, each with its place in <see cref="Account.Extra"/> or <see cref="User.Extra"/>.</summary>
public sealed class WantedFields
{
    private readonly Dictionary<string, int> _account = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _user = new(StringComparer.OrdinalIgnoreCase);

    internal WantedFields(Settings settings)
    {
        if (settings.IsFamilyOfOne)
        {
            Want("Account", ["ParentId"]);
        }

        foreach (var (_, objectName, condition) in settings.Conditions)
        {
            foreach (var path in condition.Fields)
            {
                Want(objectName, path.Parts);
            }

            foreach (var path in condition.Binds)
            {
                Want("Account", [.. path.Parts.Skip(1)]);
            }
        }
    }

    /// <summary>Fields of Account.</summary>
    public IReadOnlyDictionary<string, int> Account => _account;

    /// <summary>Fields of User.</summary>
    public IReadOnlyDictionary<string, int> User => _user;

    /// <summary>The type of a field for conditions. <paramref name="packageField"/> is what the org's name stands for, null where that is nothing known.</summary>
    public static FieldType TypeOf(string objectName, string orgField, string? packageField) =>
        KnownFields.TypeOf(objectName, packageField ?? orgField + " renamed");

    /// <summary>Each field on the way of a path: object and org field, or the object and the rest of the path where a relationship is not known.</summary>
    public static IEnumerable<(string ObjectName, string Field)> Steps(string objectName, IReadOnlyList<string> parts)
    {
        for (var i = 0; i < parts.Count - 1; i++)
        {
            if (KnownFields.Relationship(objectName, parts[i]) is not { } relationship)
            {
                yield return (objectName, string.Join('.', parts.Skip(i)));
                yield break;
            }

            yield return (objectName, relationship.Field);
            objectName = relationship.Target;
        }

        yield return (objectName, parts[^1]);
    }

    private void Want(string objectName, IReadOnlyList<string> parts)
    {
        foreach (var (on, field) in Steps(objectName, parts))
        {
            if (!field.Contains('.'))
            {
                var fields = on == "Account" ? _account : _user;
                fields.TryAdd(field, fields.Count);
            }
        }
    }
}
