namespace PocSync.Simulator.Generation;

/// <summary>
/// One account (or user, or department) for everything that can be wrong, under a name that says what. Rows that nothing is wrong with stand beside
/// them: an org is believed for those.
/// </summary>
internal sealed class DemoCases
{
    private readonly OrgPlan plan;
    private readonly Org org;
    private readonly People people;
    private readonly DemoPeople who;
    private readonly List<DemoAccount> accounts = [];
    private readonly List<PlantedCase> planted = [];
    private int turn;

    public DemoCases(OrgPlan plan, Org org, People people, int head)
    {
        this.plan = plan;
        this.org = org;
        this.people = people;
        who = new(people, head);
        AddDesks();
        PlantRoles();
        PlantAssignees();
        PlantBackups();
        PlantAbsences();
        PlantHandoffs();
        PlantPeople();
        PlantCustomers();
        PlantRefusals();
        PlantFrozen();
        AddTheHarmless();
    }

    public IReadOnlyList<PlantedCase> Planted => planted;
    public int Accounts => accounts.Count;
    public int Desks => DepartmentRows.Count;
    public (int Person, int[] Colleagues, int Count) LongTail => (who.LongTail, [.. who.Team], LongTailBook);

    /// <summary>More than the demo's limit of accounts an owner, whatever the size of the org; nobody else comes near.</summary>
    private const int LongTailBook = 85;

    public List<string?[]> DepartmentRows { get; } = [];
    public List<string?[]> GroupRows { get; } = [];
    public List<string?[]> GroupMemberRows { get; } = [];
    public List<string?[]> AbsenceRows { get; } = [];
    public List<string?[]> HandoffRows { get; } = [];
    public List<string?[]> TeamRows { get; } = [];
    public List<string?[]> HistoryRows { get; } = [];
    public List<string?[]> OpportunityRows { get; } = [];
    public List<string?[]> CaseRows { get; } = [];
    public List<string?[]> ApprovalRows { get; } = [];
    public List<string?[]> ValidationRules { get; } = [];

    public List<string?[]> AccountRows() => [.. accounts.Select(a =>
    {
        var draw = new Draw(plan.Seed, Purpose.AccountDetails, -1 - a.Index);
        var region = Region.All[0];
        return org.Account(a.Index, a.Name, a.Type, a.Industry, a.Revenue * draw.Between(1, 40) / 4, region, draw.Of(region.Cities),
            region.PhoneNumber(ref draw), a.Owner, a.Created, a.Activity, a.ExemptUntil, a.ExemptReason, a.Site, a.Deleted);
    })];

    public List<string?[]> AssignmentRows() =>
        [.. accounts.SelectMany(a => a.Rows.Select(r => (a, r))).Select((x, i) =>
            org.Assignment(i, x.a.Index, x.r.Assignee, x.r.Role, x.r.Starts, x.r.Ends, x.r.Scope, x.r.Deleted))];

    public List<string?[]> ContactRows() => [.. accounts.SelectMany(a => a.Contacts.Select(c => (a, c))).Select((x, i) =>
    {
        var draw = new Draw(plan.Seed, Purpose.Contact, -1 - i);
        var region = Region.All[i % Region.All.Length];
        var (given, family) = (draw.Of(region.Given), draw.Of(region.Family));
        return org.Contact(i, x.a.Index, given, family, null, x.c.Email ? $"{Region.Plain(given)}@{Region.Plain(x.a.Name)}.example" : null,
            x.c.Bounced ? -12 : null, x.c.Phone ? Region.All[0].PhoneNumber(ref draw) : null, null, x.a.Owner, x.c.Primary, x.a.Created);
    })];

    /// <summary>An account that nothing is wrong with, held by the next three of the strategic team.</summary>
    private DemoAccount Account(string name)
    {
        var primary = who.Team[turn % 8];
        var industry = Region.Industries[turn % Region.Industries.Length];
        var account = new DemoAccount { Index = accounts.Count, Name = name, Owner = primary, Industry = industry };
        account.HeldBy(primary).Backups(who.Team[(turn + 1) % 8], who.Team[(turn + 3) % 8]);
        accounts.Add(account);
        turn++;
        return account;
    }

    /// <summary>Somebody of the strategic team who has no row on an account made just now.</summary>
    private int Other(int n = 0) => who.Team[(turn + 3 + n) % 8];

    private void Expect(string rule, string code, string subject) => planted.Add(new(rule, code, subject));

    private void Expect(string rule, string code, DemoAccount account) => Expect(rule, code, account.Id);

    private void PlantRoles()
    {
        var orphan = Account("Orphaned Orchards Ltd").Remove(Role.Primary);
        orphan.Add(Role.Primary, orphan.Owner, -700, -60);
        Expect("one-primary", "missing", orphan);

        var castaway = Account("Castaway Cargo Ltd").Remove(Role.Primary);
        castaway.Owner = who.Left;
        Expect("one-primary", "missing", castaway);

        var captains = Account("Two Captains Shipping plc").Add(Role.Primary, Other(), -200);
        Expect("one-primary", "several", captains);

        var hydra = Account("Hydra Heavy Industries plc").Add(Role.Primary, who.Left, null).Add(Role.Primary, Other(), -300);
        Expect("one-primary", "several", hydra);

        var doubled = Account("Double Vision Eyewear Ltd");
        doubled.Add(Role.Backup, Other(), -350).Add(Role.Backup, Other(), -90, 200);
        Expect("one-role-each", "duplicate", doubled);

        var bothHands = Account("Left Hand Right Hand Tools Ltd");
        bothHands.Add(Role.Backup, bothHands.Owner, -100);
        Expect("one-role-each", "duplicate", bothHands);

        var blank = Strategic("Blank Cheque Bank plc");
        blank.Add(Role.Specialist, Other(), scope: "Technical").Add(Role.Specialist, Other(1), scope: "Commercial").Add(Role.Specialist, Other(2));
        Expect("scopes-bounded", "unscoped", blank);

        var turf = Strategic("Turf War Lawn Care Ltd");
        turf.Add(Role.Specialist, Other(), scope: "Technical").Add(Role.Specialist, Other(1), scope: " technical ");
        turf.Add(Role.Specialist, Other(2), scope: "Commercial");
        Expect("scopes-bounded", "overlap", turf);

        var puzzle = Strategic("Missing Piece Puzzles Ltd").Add(Role.Specialist, Other(), scope: "Technical");
        Expect("scopes-bounded", "uncovered", puzzle);
    }

    private DemoAccount Strategic(string name)
    {
        var account = Account(name);
        account.Type = "Strategic Customer";
        account.Revenue *= 10;
        return account;
    }

    private void PlantAssignees()
    {
        var ghost = Account("Ghostwriter Press Ltd").Remove(Role.Primary).Add(Role.Primary, new Assignee(IdSeries.User[60_000_000], null));
        Expect("primary-able", "unknown", ghost);

        Account("Nameless Rowing Boats Ltd").Remove(Role.Primary).Add(Role.Primary, default(Assignee));
        Expect("primary-able", "unknown", accounts[^1]);

        Expect("primary-able", "inactive", Account("Empty Chair Furniture Ltd").HeldBy(who.Left));
        Expect("primary-able", "inactive", Account("Gone Fishing Tackle Ltd").HeldBy(who.Left));
        Expect("primary-able", "frozen", Account("Icebox Logistics Ltd").HeldBy(who.Frozen));
        Expect("primary-able", "not-standard", Account("Borrowed Badge Security Ltd").HeldBy(who.Partner));

        var night = Account("Night Shift Pharma plc").Remove(Role.Primary).Add(Role.Primary, Assignee.Department(NightDesk));
        Expect("primary-able", "department-unable", night);
        Expect("department-staffed", "no-accountable-user", IdSeries.Department[NightDesk]);

        Account("Skeleton Crew Cruises plc").Add(Role.Backup, Assignee.Department(WeekendDesk));
        Expect("department-staffed", "unstaffed", IdSeries.Department[WeekendDesk]);

        Differs("Wrong Doorbell Homes Ltd");
        Differs("Channel Ferry Freight Ltd").Owner = who.Partner;
    }

    private DemoAccount Differs(string name)
    {
        var account = Account(name);
        account.Owner = Other(1);
        Expect("owner-is-primary", "differs", account);
        return account;
    }

    private void PlantBackups()
    {
        Expect("backup-present", "missing", Account("Solo Flight Aviation Ltd").Backups());

        var mirror = Account("Mirror Mirror Optics Ltd");
        Expect("backup-present", "same-as-primary", mirror.Backups(mirror.Owner));
        Expect("one-role-each", "duplicate", mirror);

        Expect("backup-present", "not-able", Account("Paper Umbrella Insurance plc").Backups(who.Left, who.LeftManager));
        Expect("backup-present", "too-few", Account("Single Thread Tailors Ltd").Backups(Other()));
    }

    private void PlantAbsences()
    {
        Absent(who.AwaySoon, 3, 17, null);
        Absent(who.AwayNow, -2, 10, null);
        Absent(who.AwayThen, 5, 9, null);
        Absent(who.OnLeave, -20, null, null);
        Expect("backup-covers-absence", "uncovered", Account("Holiday Harbour Hotels Ltd").HeldBy(who.AwaySoon).Backups(who.AwayNow, who.AwayThen));

        var leave = Account("Long Weekend Leisure Ltd").HeldBy(who.OnLeave).Remove(Role.Backup);
        leave.Add(Role.Backup, Other(), ends: 40).Add(Role.Backup, Other(1), starts: 35);
        leave.Add(Role.Backup, who.AwayThen);
        Expect("backup-covers-absence", "uncovered", leave);
    }

    private void PlantHandoffs()
    {
        var cold = Account("Cold Handover Coffee Ltd");
        Changed(cold, Other(1), -12);
        Expect("handoff-documented", "missing", cold);

        var half = Account("Half A Story Books Ltd");
        Handoff(half, Changed(half, Other(1), -9), -9, 20, "Awaiting Acknowledgement", notes: null);
        Expect("handoff-documented", "incomplete", half);

        var silent = Account("Silent Treatment Spas Ltd");
        Handoff(silent, Changed(silent, Other(1), -25), -25, -8, "Awaiting Acknowledgement");
        Expect("handoff-acknowledged", "overdue", silent);

        var door = Account("Revolving Door Recruiting Ltd").Remove(Role.Primary);
        var hands = new[] { Other(), Other(1), Other(2), door.Owner };
        var days = new[] { -400, -75, -45, -20 };
        for (var i = 0; i < hands.Length; i++)
        {
            door.Add(Role.Primary, hands[i], days[i], i + 1 < days.Length ? days[i + 1] - 1 : null);
            if (i == 0)
                continue;
            var (from, to, day) = (hands[i - 1], hands[i], days[i]);
            HandoffRows.Add(
                org.Handoff(HandoffRows.Count, door.Index, from, to, "Team was reorganised", "Nothing open.", day, day + 10, "Acknowledged"));
            OwnerChanged(door, from, to, day);
        }
        Expect("no-mid-stream-switch", "churn", door);
    }

    /// <summary>Lets the present primary begin on that day, after somebody else. Returns who that was.</summary>
    private int Changed(DemoAccount account, int from, int day)
    {
        account.Remove(Role.Primary).Add(Role.Primary, from, -800, day - 1).Add(Role.Primary, account.Owner, day);
        OwnerChanged(account, from, account.Owner, day);
        return from;
    }

    private void Handoff(DemoAccount account, int from, int day, int due, string status,
        string? notes = "Renewal in spring; ask for the plant manager, not for purchasing.") =>
        HandoffRows.Add(org.Handoff(HandoffRows.Count, account.Index, from, account.Owner, "Territories were redrawn", notes, day, due, status));

    private void OwnerChanged(DemoAccount account, int from, int to, int day)
    {
        foreach (var ids in new[] { false, true })
            HistoryRows.Add(org.OwnerChange(HistoryRows.Count, account.Index, people[from], people[to], day, ids));
    }

    private void PlantPeople()
    {
        Account("Full Plate Catering Ltd").HeldBy(who.Overloaded);
        Account("Second Helping Foods Ltd").HeldBy(who.Overloaded);
        Account("Third Course Dining Ltd").HeldBy(who.Overloaded);
        Expect("load-within-capacity", "over", IdSeries.User[who.Overloaded]);
        Expect("ownership-skew", "skewed", IdSeries.User[who.LongTail]);

        Person("Return To Sender Post Ltd", who.NoEmail, "reachable", "no-email");
        Person("Dead Line Telephony Ltd", who.NoPhone, "reachable", "no-phone");
        Person("Merry Go Round Rides Ltd", who.InCircle, "escalation-path", "cycle");
        Person("Top Of The Ladder Roofing Ltd", who.NoManager, "escalation-path", "no-manager");
        Person("Headless Horseman Stables Ltd", who.ManagerLeft, "escalation-path", "manager-unable");
        Person("Past Its Date Dairies Ltd", who.Expired, "certified", "expired");

        void Person(string account, int person, string rule, string code)
        {
            Account(account).HeldBy(person);
            Expect(rule, code, IdSeries.User[person]);
        }
    }

    private void PlantCustomers()
    {
        var radio = Account("Radio Silence Broadcasting plc");
        radio.Activity = -120;
        Expect("in-touch", "silent", radio);
        var never = Account("Never Called Telecom plc");
        (never.Activity, never.Created) = (null, -210);
        Expect("in-touch", "silent", never);

        Customers("Nobody Home Realty Ltd", "missing", new DemoContact(false, Email: true, Bounced: false, Phone: true));
        Customers("Too Many Cooks Kitchens Ltd", "several",
            new DemoContact(true, Email: true, Bounced: false, Phone: true), new DemoContact(true, Email: true, Bounced: false, Phone: false));
        Customers("Dead Letter Office Supplies Ltd", "unreachable", new DemoContact(true, Email: true, Bounced: true, Phone: false));

        void Customers(string name, string code, params DemoContact[] contacts)
        {
            var account = Account(name);
            account.Contacts.Clear();
            account.Contacts.AddRange(contacts);
            Expect("customer-primary", code, account);
        }
    }

    /// <summary>Accounts on which the org refuses a write that looks right, or takes something with it.</summary>
    private void PlantRefusals()
    {
        var locked = Differs("Pending Approval Partners LLP");
        ApprovalRows.Add(org.ProcessInstance(0, locked.Index, "Pending", locked.Owner, -3));
        ApprovalRows.Add(org.ProcessInstance(1, accounts[0].Index, "Approved", locked.Owner, -80));

        var tape = Differs("Red Tape Holdings plc");
        tape.Type = "Government";
        ValidationRules.Add(
            ["Account", "Type = 'Government' AND Site = null", "A government account needs its site before anything else can be saved.", "Site"]);
        var embassy = Account("Embassy Row Services Ltd");
        (embassy.Type, embassy.Site) = ("Government", "Belgrave Square");

        // Changing an owner deletes the team; who has left since cannot be added again.
        var team = Differs("Ghost Team Gaming Ltd");
        Member(team, Other(), "Account Manager", edits: true);
        Member(team, Other(2), "Technical Specialist", edits: false);
        Member(team, who.Left, "Sales Rep", edits: true);
        Member(team, who.LeftManager, "Executive Sponsor", edits: false);

        void Member(DemoAccount account, int user, string role, bool edits) =>
            TeamRows.Add(org.TeamMember(TeamRows.Count, account.Index, user, role, edits, -500));
    }

    /// <summary>Accounts on which an optional switch has to wait.</summary>
    private void PlantFrozen()
    {
        var closing = Differs("Closing Time Breweries Ltd");
        OpportunityRows.Add(org.Opportunity(0, closing.Index, closing.Owner, "Metering for the new brewhouse", "Verbal Agreement", 90, 184_000, 6,
            "Signature on Friday", -60));

        var alarm = Differs("Red Alert Rescue Ltd");
        CaseRows.Add(org.Case(0, alarm.Index, alarm.Owner, "Pressure sensors report zero", "Working", "High", "Phone", escalated: true, -2));

        var fresh = Account("Fresh Start Gyms Ltd");
        Handoff(fresh, Changed(fresh, Other(1), -8), -8, 12, "Acknowledged");
    }

    private void AddTheHarmless()
    {
        var review = Account("Under Review Holdings plc").Remove(Role.Primary);
        (review.ExemptUntil, review.ExemptReason) = (60, "Under legal review");
        var grace = Account("Grace Period Gardens Ltd");
        (grace.ExemptUntil, grace.ExemptReason) = (-10, "Being merged with its parent");

        var closed = Account("Closed Doors Retail Ltd").Remove(Role.Primary).Add(Role.Primary, who.Left, deleted: true);
        (closed.Owner, closed.Deleted) = (who.Left, true);
        Account("Former Second Captain Ltd").Add(Role.Primary, Other(), -300, deleted: true);
        Account("Backwards Clockworks Ltd").Add(Role.Primary, Other(), -5, -20);
        var tomorrow = Account("Tomorrow's Bakery Ltd").Remove(Role.Primary);
        tomorrow.Add(Role.Primary, tomorrow.Owner, -500, 20).Add(Role.Primary, Other(), 21);
        Account("Switchboard Solutions Ltd").Remove(Role.Primary).Add(Role.Primary, Assignee.Department(KeyDesk)).Owner = who.Lead;
    }

    private const int KeyDesk = 0, NightDesk = 1, WeekendDesk = 2;

    private void AddDesks()
    {
        // A queue's members may be groups: the key desk is staffed by a group within its queue.
        Desk("Key Account Desk", who.Lead, 2, Group("Strategic team", "Regular", [.. who.Team.Take(4).Select(u => IdSeries.User[u])]));
        Desk("Night Desk", who.Left, null, IdSeries.User[who.Team[4]], IdSeries.User[who.Team[5]]);
        Desk("Weekend Desk", who.Team[6], 1, IdSeries.User[who.Left], IdSeries.User[who.OnLeave]);

        void Desk(string name, int accountable, int? minimum, params string[] members)
        {
            Group(name, "Queue", members);
            DepartmentRows.Add(org.Department(DepartmentRows.Count, name, GroupRows.Count - 1, accountable, minimum));
        }

        string Group(string name, string type, string[] members)
        {
            var index = GroupRows.Count;
            GroupRows.Add(org.Group(index, name, type));
            foreach (var member in members)
                GroupMemberRows.Add(org.GroupMember(GroupMemberRows.Count, index, member));
            return IdSeries.Group[index];
        }
    }

    private void Absent(int user, int? starts, int? ends, int? cover) => AbsenceRows.Add(org.Absence(AbsenceRows.Count, user, starts, ends, cover));
}
