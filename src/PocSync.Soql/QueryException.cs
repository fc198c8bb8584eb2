namespace PocSync.Soql;

/// <summary>A query that the org refuses: Salesforce's error code, and as the message Salesforce's text, with the place marked where it has one.</summary>
public sealed class QueryException : Exception
{
    public string ErrorCode { get; }

    internal QueryException(string errorCode, string message) : base(message) => ErrorCode = errorCode;
}
