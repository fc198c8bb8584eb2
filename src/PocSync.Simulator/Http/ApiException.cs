using PocSync.Simulator.Platform;

namespace PocSync.Simulator.Http;

/// <summary>An answer that is an error: a JSON array of one or more of Salesforce's error objects.</summary>
internal sealed class ApiException(int status, params IReadOnlyList<RowError> errors) : Exception(errors[0].Message)
{
    public ApiException(int status, string code, string message, params IReadOnlyList<string> fields)
        : this(status, new RowError(code, message, fields)) { }

    public int Status { get; } = status;

    public IReadOnlyList<RowError> Errors { get; } = errors;

    /// <summary>The methods that the resource has, for the Allow header of a 405.</summary>
    public string? Allow { get; init; }

    public static ApiException NotFound() => new(404, "NOT_FOUND", "The requested resource does not exist");

    public ApiAnswer Answer()
    {
        var answer = ApiAnswer.Errors(Status, Errors);
        return Allow is null ? answer : answer with { Headers = [("Allow", Allow)] };
    }
}
