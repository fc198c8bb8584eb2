namespace PocSync.Simulator.Generation;

/// <summary>The people of the planted cases: a strategic team that is fine, and one person for each thing that can be wrong with a person.</summary>
internal sealed class DemoPeople
{
    private const string Accounts = "Account Management", Strategic = "Strategic Accounts";

    public DemoPeople(People people, int head)
    {
        var uk = Region.All[0];
        Lead = people.Add("Ingrid", "Sørensen", uk, "Head of Strategic Accounts", "Sales Management", head);
        (string Given, string Family)[] team =
        [
            ("Aisha", "Rahman"), ("Callum", "Fraser"), ("Chiara", "Bellini"), ("Daniel", "Owusu"), ("Eleni", "Papadaki"), ("Harriet", "Whitcombe"),
            ("Rafael", "Nogueira"), ("Yumi", "Takahata"),
        ];
        Team = [.. team.Select(n =>
            people.Add(n.Given, n.Family, uk, "Strategic Account Manager", Accounts, Lead, p => p with { CertifiedUntil = 365 }))];
        int Special(string given, string family, Func<Person, Person>? change = null, int? manager = null) =>
            people.Add(given, family, uk, "Account Manager", Strategic, manager ?? Lead, change);

        Left = Special("Tomás", "Ferreira", p => p with { Active = false, LastLogin = -34 });
        LeftManager = people.Add("Rosalind", "Achterberg", uk, "Sales Manager", "Sales Management", head,
            p => p with { Active = false, LastLogin = -61 });
        Frozen = Special("Gustav", "Ahlgren", p => p with { Frozen = true });
        Partner = people.Add("Priya", "Raman", uk, "Partner Manager", "Partners", null,
            p => p with { UserType = "PowerPartner", Company = "Meridian Channel Partners", Email = "priya.raman@meridian-channel.example" });
        NoEmail = Special("Bartholomew", "Quill", p => p with { Email = null });
        NoPhone = Special("Seraphina", "Moss", p => p with { Phone = null, Mobile = null });
        NoManager = Special("Viktor", "Halloran");
        people[NoManager].Manager = null;
        InCircle = Special("Jana", "Dvořák");
        InCircleToo = Special("Pavel", "Novotný", manager: InCircle);
        people[InCircle].Manager = InCircleToo;
        ManagerLeft = Special("Moira", "Kinsella", manager: LeftManager);
        Expired = Special("Lucía", "Valderrama", p => p with { CertifiedUntil = -40 });
        Overloaded = Special("Sigrid", "Overgaard", p => p with { Capacity = 2 });
        AwaySoon = Special("Ewa", "Zielińska");
        AwayNow = Special("Olufemi", "Adeyemi");
        AwayThen = Special("Margot", "Chevalier");
        OnLeave = Special("Freya", "Thorne");
        LongTail = people.Add("Noor", "van Dijk", uk, "Digital Account Manager", "Digital Sales", Lead, p => p with { Capacity = 400 });
    }

    public int Lead { get; }

    /// <summary>Eight able people, the candidates for whatever is missing.</summary>
    public IReadOnlyList<int> Team { get; }
    public int Left { get; }
    public int LeftManager { get; }
    public int Frozen { get; }
    public int Partner { get; }
    public int NoEmail { get; }
    public int NoPhone { get; }
    public int NoManager { get; }
    public int InCircle { get; }
    public int InCircleToo { get; }
    public int ManagerLeft { get; }
    public int Expired { get; }
    public int Overloaded { get; }
    public int AwaySoon { get; }
    public int AwayNow { get; }
    public int AwayThen { get; }
    public int OnLeave { get; }

    /// <summary>Owns more accounts than anybody should.</summary>
    public int LongTail { get; }
}
