using System.Security.Claims;

namespace PocSync.Review.SignIn;

/// <summary>Who may do what. In the org a role is a permission set.</summary>
public static class Roles
{
    /// <summary>Sees everything, changes nothing.</summary>
    public const string Viewer = "viewer";

    /// <summary>Decides on corrections.</summary>
    public const string Approver = "approver";

    /// <summary>Changes settings, begins and undoes runs.</summary>
    public const string Administrator = "administrator";

    /// <summary>Sees and answers for their own accounts.</summary>
    public const string AccountManager = "account manager";

    /// <summary>The role that each permission set gives.</summary>
    public static IReadOnlyDictionary<string, string> OfPermissionSets { get; } = new Dictionary<string, string>
    {
        ["POC_Viewer"] = Viewer,
        ["POC_Approver"] = Approver,
        ["POC_Administrator"] = Administrator,
        ["POC_Account_Manager"] = AccountManager,
    };
}

/// <summary>What pages and actions ask for.</summary>
public static class Policies
{
    /// <summary>To see what is said of all accounts.</summary>
    public const string See = "see";

    /// <summary>To decide on corrections.</summary>
    public const string Decide = "decide";

    /// <summary>To change settings, begin and undo runs.</summary>
    public const string Administer = "administer";

    /// <summary>To see accounts of one's own, and to answer handoffs of one's own.</summary>
    public const string Own = "own";

    /// <summary>Whether somebody may see what is said of all accounts.</summary>
    public static bool MaySee(ClaimsPrincipal user) =>
        user.IsInRole(Roles.Viewer) || user.IsInRole(Roles.Approver) || user.IsInRole(Roles.Administrator);
}
