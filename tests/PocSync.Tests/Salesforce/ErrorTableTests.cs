using PocSync.Salesforce;

namespace PocSync.Tests.Salesforce;

public class ErrorTableTests
{
    /// <summary>Every row once, with a message as Salesforce words it.</summary>
    public static TheoryData<string, string, ErrorClass> Expected => new()
    {
        { "INVALID_SESSION_ID", "Session expired or invalid", ErrorClass.RefreshAuth },
        { "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", ErrorClass.Transient },
        { "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", ErrorClass.Stop },
        { "SERVER_UNAVAILABLE", "", ErrorClass.Transient },
        { "UNKNOWN_EXCEPTION", "An unexpected error occurred.", ErrorClass.Transient },
        { "TIMEOUT", "", ErrorClass.Transient },
        { "NOT_PROCESSED", "", ErrorClass.Transient },
        { "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record or 200 records: 001,001", ErrorClass.RetryRow },
        { "TOOMANYLOCKFAILURE", "", ErrorClass.RetryRow },
        { "QUERY_TIMEOUT", "", ErrorClass.Split },
        { "OPERATION_TOO_LARGE", "", ErrorClass.Split },
        { "EXCEEDED_ID_LIMIT", "", ErrorClass.Split },
        { "EXCEEDED_MAX_SIZE_REQUEST", "", ErrorClass.Split },
        { "INVALID_QUERY_LOCATOR", "invalid query locator", ErrorClass.RestartQuery },
        { "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: execution of AfterUpdate caused by: UNABLE_TO_LOCK_ROW", ErrorClass.RetryRow },
        { "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: System.LimitException: Too many SOQL queries: 101", ErrorClass.Split },
        { "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: System.LimitException: Apex CPU time limit exceeded", ErrorClass.Split },
        { "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: System.NullPointerException", ErrorClass.TerminalRow },
        { "CANNOT_EXECUTE_FLOW_TRIGGER", "UNABLE_TO_LOCK_ROW", ErrorClass.RetryRow },
        { "CANNOT_EXECUTE_FLOW_TRIGGER", "Too many SOQL queries", ErrorClass.Split },
        { "CANNOT_EXECUTE_FLOW_TRIGGER", "CPU time limit", ErrorClass.Split },
        { "CANNOT_EXECUTE_FLOW_TRIGGER", "We can't save this record", ErrorClass.TerminalRow },
        { "APEX_ERROR", "UNABLE_TO_LOCK_ROW", ErrorClass.RetryRow },
        { "APEX_ERROR", "Too many SOQL queries", ErrorClass.Split },
        { "APEX_ERROR", "CPU time limit", ErrorClass.Split },
        { "APEX_ERROR", "", ErrorClass.TerminalRow },
        { "ENTITY_IS_DELETED", "entity is deleted", ErrorClass.TerminalRow },
        { "NOT_FOUND", "The requested resource does not exist", ErrorClass.TerminalRow },
        { "INVALID_CROSS_REFERENCE_KEY", "Owner ID: owner cannot be blank", ErrorClass.TerminalRow },
        { "INSUFFICIENT_ACCESS_OR_READONLY", "", ErrorClass.TerminalRow },
        { "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "", ErrorClass.TerminalRow },
        { "CANNOT_UPDATE_CONVERTED_LEAD", "", ErrorClass.TerminalRow },
        { "TRANSFER_REQUIRES_READ", "", ErrorClass.TerminalRow },
        { "INACTIVE_OWNER_OR_USER", "operation performed with inactive user [005] as owner of account", ErrorClass.TerminalRow },
        { "OP_WITH_INVALID_USER_TYPE_EXCEPTION", "Operation not valid for this user type", ErrorClass.TerminalRow },
        { "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Concurrent contracts need a CPU time limit", ErrorClass.TerminalRow },
        { "FIELD_INTEGRITY_EXCEPTION", "Owner ID: id value of incorrect type: 00G", ErrorClass.TerminalRow },
        { "FIELD_FILTER_VALIDATION_EXCEPTION", "", ErrorClass.TerminalRow },
        { "REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]", ErrorClass.TerminalRow },
        { "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "", ErrorClass.TerminalRow },
        { "STRING_TOO_LONG", "", ErrorClass.TerminalRow },
        { "NUMBER_OUTSIDE_VALID_RANGE", "", ErrorClass.TerminalRow },
        { "INVALID_EMAIL_ADDRESS", "", ErrorClass.TerminalRow },
        { "INVALID_FIELD_FOR_INSERT_UPDATE", "", ErrorClass.TerminalRow },
        { "DUPLICATE_VALUE", "", ErrorClass.TerminalRow },
        { "DUPLICATES_DETECTED", "", ErrorClass.TerminalRow },
        { "DUPLICATE_EXTERNAL_ID", "", ErrorClass.TerminalRow },
        { "ALL_OR_NONE_OPERATION_ROLLED_BACK", "", ErrorClass.Consequence },
        { "PROCESSING_HALTED", "", ErrorClass.Consequence },
        { "BATCH_PROCESSING_HALTED", "", ErrorClass.Consequence },
        { "MALFORMED_QUERY", "", ErrorClass.Bug },
        { "QUERY_TOO_COMPLICATED", "", ErrorClass.Bug },
        { "INVALID_FIELD", "", ErrorClass.Bug },
        { "INVALID_TYPE", "", ErrorClass.Bug },
        { "MALFORMED_ID", "", ErrorClass.Bug },
        { "JSON_PARSER_ERROR", "", ErrorClass.Bug },
        { "METHOD_NOT_ALLOWED", "", ErrorClass.Bug },
        { "INVALIDJOB", "", ErrorClass.Bug },
        { "INVALIDJOBSTATE", "Aborting already Completed Job not allowed", ErrorClass.Bug },
        { "INVALIDBATCH", "", ErrorClass.Bug },
        { "STORAGE_LIMIT_EXCEEDED", "", ErrorClass.Stop },
        { "LIMIT_EXCEEDED", "", ErrorClass.Stop },
        { "EXCEEDEDQUOTA", "", ErrorClass.Stop },
        { "API_CURRENTLY_DISABLED", "", ErrorClass.Stop },
        { "API_DISABLED_FOR_ORG", "", ErrorClass.Stop },
        { "FEATURENOTENABLED", "", ErrorClass.Stop },
        { "INVALIDUSER", "", ErrorClass.Stop },
        { "TXN_SECURITY_END_SESSION", "", ErrorClass.Stop },
        { "INSUFFICIENT_ACCESS", "", ErrorClass.Stop },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public void Each_code_has_its_class(string code, string message, ErrorClass expected) => ErrorTable.Classify(code, message).ShouldBe(expected);

    [Fact]
    public void Each_row_of_the_table_is_tried() => Expected.Count.ShouldBe(ErrorTable.Rows.Count);

    [Fact]
    public void A_code_that_nobody_knows_ends_its_row() => ErrorTable.Classify("SOMETHING_NEW", "").ShouldBe(ErrorClass.TerminalRow);
}
