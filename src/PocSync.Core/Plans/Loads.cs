using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>On how many accounts in a rule's scope each user holds a role, in the state as corrected so far. Kept current correction by correction.</summary>
internal sealed class Loads(Scene scene, PocRole role)
{
    private readonly Dictionary<RecordId, int> _counts = scene.AccountsByUser(role);

    public int Of(RecordId user) => _counts.GetValueOrDefault(user);

    /// <summary>Around a change of one account: who held the role before, then again after.</summary>
    public HashSet<RecordId> Holders(Account account) => !scene.IsInScope(account) ? [] :
        [.. scene.InForce(account, role).Where(r => r.Assignee.IsUser).Select(r => r.Assignee.Id)];

    public void Changed(HashSet<RecordId> before, HashSet<RecordId> after)
    {
        foreach (var user in before.Where(u => !after.Contains(u)))
        {
            _counts[user]--;
        }

        foreach (var user in after.Where(u => !before.Contains(u)))
        {
            _counts[user] = Of(user) + 1;
        }
    }
}
