namespace PocSync.Salesforce;

/// <summary>
/// A call that Salesforce did not do. <see cref="Exception.Message"/> is one sentence fit for a user and holds no secret; <see cref="Code"/> is
/// Salesforce's error code (or PocSync's own where there was no answer), <see cref="Status"/> the HTTP status where there was one.
/// </summary>
public class SalesforceException(string code, string message, int? status = null, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
    public int? Status { get; } = status;

    public ErrorClass Class => ErrorTable.Classify(Code, Message);
}

/// <summary>No answer, or none that makes sense, after every attempt; certainly nothing was written by this call.</summary>
public sealed class OrgUnreachableException(string message, int? status = null, Exception? inner = null, string code = "UNREACHABLE")
    : SalesforceException(code, message, status, inner);

/// <summary>The org was reached and will not serve us until a person changes something: login, permissions, API version, storage.</summary>
public sealed class OrgRefusedException(string code, string message, int? status = null, Exception? inner = null)
    : SalesforceException(code, message, status, inner);

/// <summary>The daily calls are spent, ours by the budget or the org's by Salesforce; the refused call was not done.</summary>
public sealed class BudgetSpentException(string message, int? status = null) : SalesforceException("REQUEST_LIMIT_EXCEEDED", message, status);

/// <summary>A write was sent and its answer was lost: it may have been done or not. Read the records back; do not send it again.</summary>
public sealed class WriteUnknownException(string message, int? status = null, Exception? inner = null)
    : SalesforceException(Lost, message, status, inner)
{
    /// <summary>The code of all such.</summary>
    public const string Lost = "WRITE_UNKNOWN";
}
