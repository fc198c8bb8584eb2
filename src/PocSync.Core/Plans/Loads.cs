using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>On how many accounts in a rule's scope each user holds a role, by kind of account, in the state as corrected so far. Kept current correction by correction.</summary>
internal sealed class Loads(Scene scene, PocRole role, Capacities capacities)
{
    private readonly Dictionary<RecordId, int[]> _counts = scene.AccountsByUser(capacities.KindOf, capacities.Kinds, role);
    private readonly int[] _none = new int[capacities.Kinds];

    // Every candidate of every pick asks, and a correction changes few of them.
    private readonly Dictionary<RecordId, Fraction> _loads = [];
    private (Account? Account, int Kind) _asked;

    /// <summary>How much of a user that takes up.</summary>
    public Fraction Of(User user)
    {
        if (!_loads.TryGetValue(user.Id, out var load))
        {
            _loads[user.Id] = load = capacities.Load(user, Accounts(user.Id));
        }

        return load;
    }

    /// <summary>Whether a user has room for one account more.</summary>
    public bool HasRoom(User user, Account account)
    {
        if (_asked.Account != account)
        {
            _asked = (account, capacities.KindOf(account));
        }

        return capacities.HasRoom(user, Of(user), _asked.Kind);
    }

    /// <summary>What a user has, in words that say also what is of an account's kind.</summary>
    public string Words(User user, Account account) => $"{capacities.Words(user, Accounts(user.Id), capacities.KindOf(account))} accounts as {role}";

    /// <summary>Around a change of one account: who held the role before, then again after, and the kind of the account.</summary>
    public (HashSet<RecordId> Users, int Kind) Holders(Account account) => !scene.IsInScope(account) ? ([], 0) :
        ([.. scene.InForce(account, role).Where(r => r.Assignee.IsUser).Select(r => r.Assignee.Id)], capacities.KindOf(account));

    public void Changed((HashSet<RecordId> Users, int Kind) before, (HashSet<RecordId> Users, int Kind) after)
    {
        _asked = default;
        Add(before, -1);
        Add(after, 1);
    }

    private void Add((HashSet<RecordId> Users, int Kind) holders, int accounts)
    {
        foreach (var user in holders.Users)
        {
            if (!_counts.TryGetValue(user, out var counts))
            {
                _counts[user] = counts = new int[capacities.Kinds];
            }

            counts[holders.Kind] += accounts;
            _loads.Remove(user);
        }
    }

    private int[] Accounts(RecordId user) => _counts.GetValueOrDefault(user, _none);
}
