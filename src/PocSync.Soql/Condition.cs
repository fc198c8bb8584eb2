namespace PocSync.Soql;

/// <summary>
/// A SOQL WHERE condition without sub-queries, functions and geolocation. Two-valued: a comparison with null is false, but !=, NOT IN and
/// EXCLUDES match null; '' is null; a null boolean is false; texts ignore case (ordinal); ids compare as 18 characters.
/// </summary>
public sealed class Condition
{
    private readonly Expression tree;

    private Condition(string text, Expression tree, IReadOnlyList<FieldPath> fields, IReadOnlyList<FieldPath> binds) =>
        (Text, this.tree, Fields, Binds) = (text, tree, fields, binds);

    public string Text { get; }

    /// <summary>Every field mentioned, in order, each time it is mentioned.</summary>
    public IReadOnlyList<FieldPath> Fields { get; }

    /// <summary>Every field mentioned behind a colon: `:Account.Industry` is Account, Industry.</summary>
    public IReadOnlyList<FieldPath> Binds { get; }

    /// <param name="binds">Whether `:Account.Field` may stand wherever a value may.</param>
    /// <exception cref="SoqlException">The text is not a condition.</exception>
    public static Condition Parse(string text, bool binds = false)
    {
        var (tree, fields, bound) = Parser.Condition(text, binds);
        return new(text, tree, fields, bound);
    }

    /// <summary>Checks the fields and types, and makes the test.</summary>
    /// <param name="resolve">Null for an unknown field.</param>
    /// <param name="bind">The same for the fields behind a colon.</param>
    /// <exception cref="SoqlException">A field is unknown, or is compared with a value of another type.</exception>
    public Func<TRow, bool> Compile<TRow>(Func<FieldPath, FieldAccess<TRow>?> resolve, DateContext dates, Func<FieldPath, FieldAccess<TRow>?>? bind = null) =>
        new ConditionCompiler<TRow>(Text, operand => resolve(operand.Field!), bind, dates).Compile(tree);
}
