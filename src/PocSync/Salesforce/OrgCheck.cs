namespace PocSync.Salesforce;

/// <summary>What an examination found of one thing that PocSync needs.</summary>
public enum CheckState
{
    /// <summary>It is there.</summary>
    Ok,

    /// <summary>PocSync goes without it, or nobody can say: somebody should look at it.</summary>
    Look,

    /// <summary>Without it PocSync cannot do its work.</summary>
    Missing,
}

/// <summary>One thing that PocSync needs of an org.</summary>
/// <param name="What">Which.</param>
/// <param name="State">Whether it is there.</param>
/// <param name="Sentence">What was seen.</param>
/// <param name="Do">What to do; null where there is nothing to do.</param>
public sealed record OrgCheck(string What, CheckState State, string Sentence, string? Do = null)
{
    /// <summary>Further sentences.</summary>
    public IReadOnlyList<string> More { get; init; } = [];
}
