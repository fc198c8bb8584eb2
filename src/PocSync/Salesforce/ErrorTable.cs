namespace PocSync.Salesforce;

/// <summary>What to do about an error of Salesforce.</summary>
public enum ErrorClass
{
    /// <summary>Log in again, once, and send the call again.</summary>
    RefreshAuth,

    /// <summary>Send the call again later, if it may be repeated.</summary>
    Transient,

    /// <summary>Send only the failed rows again after some seconds, in smaller groups.</summary>
    RetryRow,

    /// <summary>Ask for, or send, less at a time.</summary>
    Split,

    /// <summary>The cursor is gone: query again from the last row.</summary>
    RestartQuery,

    /// <summary>This row will not be written; say why.</summary>
    TerminalRow,

    /// <summary>Nothing wrong here: another row of the same transaction failed.</summary>
    Consequence,

    /// <summary>The request itself is wrong; never send it again.</summary>
    Bug,

    /// <summary>A person must act before any call succeeds.</summary>
    Stop,
}

/// <summary>
/// One row: <see cref="Code"/> (a trailing * stands for any ending), told apart by <see cref="Text"/> in the message where one code means several things.
/// </summary>
public sealed record ErrorRow(string Code, ErrorClass Class, string? Text = null);

/// <summary>What to do for each error code of Salesforce: the first row that fits. A code that is not here is terminal for its row.</summary>
public static class ErrorTable
{
    public static IReadOnlyList<ErrorRow> Rows { get; } =
    [
        new("INVALID_SESSION_ID", ErrorClass.RefreshAuth),

        // Only calls that run 20 s and longer are counted as concurrent; the daily limit rolls over 24 hours.
        new("REQUEST_LIMIT_EXCEEDED", ErrorClass.Transient, "Concurrent"),
        new("REQUEST_LIMIT_EXCEEDED", ErrorClass.Stop),

        new("SERVER_UNAVAILABLE", ErrorClass.Transient),
        new("UNKNOWN_EXCEPTION", ErrorClass.Transient),
        new("TIMEOUT", ErrorClass.Transient),

        // PocSync's own word for a row that a Bulk job ended without.
        new(BulkIngest.NotProcessed, ErrorClass.Transient),

        new("UNABLE_TO_LOCK_ROW", ErrorClass.RetryRow),
        new("TOOMANYLOCKFAILURE", ErrorClass.RetryRow),

        new("QUERY_TIMEOUT", ErrorClass.Split),
        new("OPERATION_TOO_LARGE", ErrorClass.Split),
        new("EXCEEDED_ID_LIMIT", ErrorClass.Split),
        new("EXCEEDED_MAX_SIZE_REQUEST", ErrorClass.Split),

        new("INVALID_QUERY_LOCATOR", ErrorClass.RestartQuery),

        // An org's own automation failed: worth another try only where it failed for want of a lock or of room.
        new("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", ErrorClass.RetryRow, "UNABLE_TO_LOCK_ROW"),
        new("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", ErrorClass.Split, "Too many SOQL queries"),
        new("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", ErrorClass.Split, "CPU time limit"),
        new("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", ErrorClass.TerminalRow),
        new("CANNOT_EXECUTE_FLOW_TRIGGER", ErrorClass.RetryRow, "UNABLE_TO_LOCK_ROW"),
        new("CANNOT_EXECUTE_FLOW_TRIGGER", ErrorClass.Split, "Too many SOQL queries"),
        new("CANNOT_EXECUTE_FLOW_TRIGGER", ErrorClass.Split, "CPU time limit"),
        new("CANNOT_EXECUTE_FLOW_TRIGGER", ErrorClass.TerminalRow),
        new("APEX_ERROR", ErrorClass.RetryRow, "UNABLE_TO_LOCK_ROW"),
        new("APEX_ERROR", ErrorClass.Split, "Too many SOQL queries"),
        new("APEX_ERROR", ErrorClass.Split, "CPU time limit"),
        new("APEX_ERROR", ErrorClass.TerminalRow),

        new("ENTITY_IS_DELETED", ErrorClass.TerminalRow),
        new("NOT_FOUND", ErrorClass.TerminalRow),
        new("INVALID_CROSS_REFERENCE_KEY", ErrorClass.TerminalRow),
        new("INSUFFICIENT_ACCESS_OR_READONLY", ErrorClass.TerminalRow),
        new("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", ErrorClass.TerminalRow),
        new("CANNOT_UPDATE_CONVERTED_LEAD", ErrorClass.TerminalRow),
        new("TRANSFER_REQUIRES_READ", ErrorClass.TerminalRow),
        new("INACTIVE_OWNER_OR_USER", ErrorClass.TerminalRow),
        new("OP_WITH_INVALID_USER_TYPE_EXCEPTION", ErrorClass.TerminalRow),
        new("FIELD_CUSTOM_VALIDATION_EXCEPTION", ErrorClass.TerminalRow),
        new("FIELD_INTEGRITY_EXCEPTION", ErrorClass.TerminalRow),
        new("FIELD_FILTER_VALIDATION_EXCEPTION", ErrorClass.TerminalRow),
        new("REQUIRED_FIELD_MISSING", ErrorClass.TerminalRow),
        new("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ErrorClass.TerminalRow),
        new("STRING_TOO_LONG", ErrorClass.TerminalRow),
        new("NUMBER_OUTSIDE_VALID_RANGE", ErrorClass.TerminalRow),
        new("INVALID_EMAIL_ADDRESS", ErrorClass.TerminalRow),
        new("INVALID_FIELD_FOR_INSERT_UPDATE", ErrorClass.TerminalRow),
        new("DUPLICATE_VALUE", ErrorClass.TerminalRow),
        new("DUPLICATES_DETECTED", ErrorClass.TerminalRow),
        new("DUPLICATE_EXTERNAL_ID", ErrorClass.TerminalRow),

        new("ALL_OR_NONE_OPERATION_ROLLED_BACK", ErrorClass.Consequence),
        new("PROCESSING_HALTED", ErrorClass.Consequence),
        new("BATCH_PROCESSING_HALTED", ErrorClass.Consequence),

        new("MALFORMED_QUERY", ErrorClass.Bug),
        new("QUERY_TOO_COMPLICATED", ErrorClass.Bug),
        new("INVALID_FIELD", ErrorClass.Bug),
        new("INVALID_TYPE", ErrorClass.Bug),
        new("MALFORMED_ID", ErrorClass.Bug),
        new("JSON_PARSER_ERROR", ErrorClass.Bug),
        new("METHOD_NOT_ALLOWED", ErrorClass.Bug),
        new("INVALIDJOB", ErrorClass.Bug),
        new("INVALIDJOBSTATE", ErrorClass.Bug),
        new("INVALIDBATCH", ErrorClass.Bug),

        new("STORAGE_LIMIT_EXCEEDED", ErrorClass.Stop),
        new("LIMIT_EXCEEDED", ErrorClass.Stop),
        new("EXCEEDEDQUOTA", ErrorClass.Stop),
        new("API_CURRENTLY_DISABLED", ErrorClass.Stop),
        new("API_DISABLED_FOR_ORG", ErrorClass.Stop),
        new("FEATURENOTENABLED", ErrorClass.Stop),
        new("INVALIDUSER", ErrorClass.Stop),
        new("TXN_SECURITY_*", ErrorClass.Stop),
        new("INSUFFICIENT_ACCESS", ErrorClass.Stop),
    ];

    public static ErrorClass Classify(string code, string message)
    {
        foreach (var row in Rows)
        {
            var fits = row.Code.EndsWith('*') ? code.StartsWith(row.Code[..^1], StringComparison.Ordinal) : code == row.Code;
            if (fits && (row.Text is null || message.Contains(row.Text, StringComparison.OrdinalIgnoreCase)))
                return row.Class;
        }
        return ErrorClass.TerminalRow;
    }
}
