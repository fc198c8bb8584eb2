namespace PocSync.Core.Rules;

/// <summary>What becomes of what belongs to an account and to its owner when the account gets another owner.</summary>
public enum ChildPolicy
{
    /// <summary>It stays with whom it has, and comes back there where the org moves it.</summary>
    Keep,

    /// <summary>It goes to the new owner.</summary>
    Follow,
}

/// <summary>Who assigns the owners of accounts.</summary>
public enum OwnerAssigner
{
    /// <summary>PocSync does.</summary>
    PocSync,

    /// <summary>Something else does, such as territory management.</summary>
    Other,
}

/// <summary>What becomes of an account's open opportunities and cases; contacts always stay.</summary>
public sealed record OwnerChange(ChildPolicy OpenOpportunities = ChildPolicy.Keep, ChildPolicy OpenCases = ChildPolicy.Keep)
{
    /// <summary>For records of an object.</summary>
    public ChildPolicy Of(string objectName) => objectName switch
    {
        "Opportunity" => OpenOpportunities,
        "Case" => OpenCases,
        _ => ChildPolicy.Keep,
    };
}
