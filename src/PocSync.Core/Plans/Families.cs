using PocSync.Core.Records;

namespace PocSync.Core.Plans;

/// <summary>The families of accounts: an account without a parent (or whose parent is not there) and all that are below it. Of a circle the smallest id is the top.</summary>
internal sealed class Families
{
    private readonly Snapshot _snapshot;
    private readonly Account?[] _tops;
    private readonly ILookup<Account, Account> _below;

    public Families(Snapshot snapshot)
    {
        _snapshot = snapshot;
        _tops = new Account?[snapshot.Accounts.Count];
        foreach (var account in snapshot.Accounts)
        {
            FindTop(account);
        }

        _below = snapshot.Accounts.Where(a => _tops[a.Index] != a).ToLookup(a => _tops[a.Index]!);
    }

    /// <summary>Users who are Primary elsewhere in an account's family today: first the top account's, then whoever has most of its accounts, then by id.</summary>
    public IEnumerable<Wish> PrimariesBeside(Account account, Draft draft)
    {
        var top = _tops[account.Index]!;
        var counts = new Dictionary<RecordId, (bool IsTops, int Accounts)>();
        foreach (var member in _below[top].Append(top).Where(m => m != account))
        {
            var ofMember = new HashSet<RecordId>();
            foreach (var row in draft.RowsOf(member))
            {
                if (row.Role == PocRole.Primary && row.Assignee.IsUser && row.IsInForce(_snapshot.AsOf.Today) && ofMember.Add(row.Assignee.Id))
                {
                    var known = counts.GetValueOrDefault(row.Assignee.Id);
                    counts[row.Assignee.Id] = (known.IsTops || member == top, known.Accounts + 1);
                }
            }
        }

        return counts.OrderByDescending(c => c.Value.IsTops).ThenByDescending(c => c.Value.Accounts).ThenBy(c => c.Key)
            .Select(c => new Wish(c.Key, $"Primary elsewhere in the family of {top.Name}", false, IsTold: true));
    }

    /// <summary>For an account and all on the way up from it.</summary>
    private void FindTop(Account account)
    {
        var way = new List<Account>();
        var seen = new HashSet<Account>();
        var at = account;
        while (_tops[at.Index] is null && seen.Add(at))
        {
            way.Add(at);
            at = _snapshot.FindAccount(at.ParentId) ?? at;
        }

        var top = _tops[at.Index] ?? way.Skip(way.IndexOf(at)).MinBy(a => a.Id)!;
        foreach (var below in way)
        {
            _tops[below.Index] = top;
        }
    }
}
