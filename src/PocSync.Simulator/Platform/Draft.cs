using PocSync.Simulator.Schema;

namespace PocSync.Simulator.Platform;

/// <summary>A row as a client sends it: the fields it names, with values of their types, and what of it could not be read.</summary>
internal sealed class Draft(SObject of)
{
    public SObject Object { get; } = of;

    /// <summary>18 characters; null for a create.</summary>
    public string? Id { get; set; }

    public List<(Field Field, object? Value)> Values { get; } = [];

    public List<RowError> Errors { get; } = [];

    public bool TryGet(Field? field, out object? value)
    {
        foreach (var (named, given) in Values)
            if (named == field)
            {
                value = given;
                return true;
            }
        value = null;
        return false;
    }
}
