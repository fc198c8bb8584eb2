namespace PocSync.Simulator.Platform;

/// <summary>Why a row was refused: Salesforce's status code, its message, the fields it names.</summary>
internal sealed record RowError(string Code, string Message, params IReadOnlyList<string> Fields);

/// <summary>Thrown while a row is saved; what was done for the row is then undone.</summary>
internal sealed class RowRefusedException(IReadOnlyList<RowError> errors) : Exception(errors[0].Message)
{
    public RowRefusedException(string code, string message, params IReadOnlyList<string> fields) : this([new RowError(code, message, fields)]) { }

    public IReadOnlyList<RowError> Errors { get; } = errors;
}

/// <summary>What became of one row of a write.</summary>
/// <param name="Id">Null where a create failed.</param>
internal sealed record RowOutcome(string? Id, bool Created, IReadOnlyList<RowError> Errors)
{
    public bool Success => Errors.Count == 0;

    public static RowOutcome Failed(string? id, params IReadOnlyList<RowError> errors) => new(id, false, errors);
}
