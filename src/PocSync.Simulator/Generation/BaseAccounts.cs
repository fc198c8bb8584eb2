namespace PocSync.Simulator.Generation;

/// <summary>What is wrong with an account nobody planted anything on. Most are fine.</summary>
internal enum Condition
{
    Healthy, Silent, CustomerMissing, CustomerSeveral, CustomerUnreachable, OwnerDiffers, PrimaryEnded, BackupsEnded, OneBackup, BackupsLeft,
}

/// <summary>The facts about one account from which its rows and those of its children follow. Days are counted from today.</summary>
internal readonly record struct BaseAccount
{
    public required int Number { get; init; }
    public required Book Book { get; init; }
    public required Condition Condition { get; init; }

    public required int Turn { get; init; }

    /// <summary>Null where a desk is the primary.</summary>
    public required int? Primary { get; init; }
    public required int Owner { get; init; }
    public required int Backup { get; init; }

    /// <summary>Null where a desk is the last backup.</summary>
    public required int? LastBackup { get; init; }
    public required int Created { get; init; }
    public required int Activity { get; init; }

    /// <summary>First day of the primary; null = since ever.</summary>
    public required int? Since { get; init; }

    /// <summary>Somebody who was the primary once, not the present one.</summary>
    public required int Before { get; init; }

    /// <summary>Day from which <see cref="Before"/> no longer was; null where two have the role at once.</summary>
    public required int? ChangedOn { get; init; }

    /// <summary>People who can stand in; different ones for n from 0 to 4.</summary>
    public int Colleague(int n) => Book.Colleagues[(Turn + n) % Book.Colleagues.Length];
}

/// <summary>The accounts of a generated org that nobody planted anything on, each a function of the seed and its number.</summary>
internal sealed class BaseAccounts(int seed, Staff staff, int count)
{
    /// <summary>Upper ends in ten thousandths, in the order of <see cref="Condition"/> from Silent. The rest is healthy.</summary>
    private static readonly int[] Shares = [560, 690, 730, 770, 795, 810, 820, 835, 845];

    public int Count => count;

    public BaseAccount this[int number]
    {
        get
        {
            var draw = new Draw(seed, Purpose.Account, number);
            var book = staff.BookOf(number);
            var share = draw.Below(10_000);
            var condition = Condition.Healthy;
            for (var i = Shares.Length - 1; i >= 0 && share < Shares[i]; i--)
                condition = (Condition)(i + 1);
            if (book.Left && condition >= Condition.OwnerDiffers)
                condition = Condition.Healthy;
            if (condition == Condition.CustomerSeveral && !HasSecondContact(number))
                condition = Condition.CustomerMissing;

            var turn = draw.Below(book.Colleagues.Length);
            int Colleague(int n) => book.Colleagues[(turn + n) % book.Colleagues.Length];
            var ownPrimary = number % 211 != 17 || book.Left || condition != Condition.Healthy || KnowsFormer(number);
            var gone = condition == Condition.BackupsLeft;
            var deskBackup = number % 97 == 13 && condition != Condition.BackupsLeft && ownPrimary;

            var since = -draw.Between(95, 1500);
            int? changedOn = since - 400;
            if (KnowsFormer(number) && !book.Left && condition == Condition.Healthy)
            {
                if (number / 50 % 10 == 9)
                    changedOn = null;
                else
                    changedOn = since = -draw.Between(3, 85);
            }
            return new()
            {
                Number = number,
                Book = book,
                Condition = condition,
                Turn = turn,
                Primary = ownPrimary ? book.Person : null,
                Owner = !ownPrimary ? staff.DeskOf(book.Region).Accountable : condition == Condition.OwnerDiffers ? Colleague(2) : book.Person,
                Backup = gone ? staff.Former[0] : Colleague(0),
                LastBackup = gone ? staff.Former[1] : deskBackup ? null : Colleague(1),
                Created = -draw.Between(60, 3600),
                Activity = condition == Condition.Silent ? -draw.Between(33, 240) : -draw.Between(0, 26),
                Since = changedOn != since && draw.Percent(20) ? null : since,
                Before = draw.Percent(40) ? staff.Former[draw.Below(staff.Former.Count)] : Colleague(3),
                ChangedOn = changedOn,
            };
        }
    }

    /// <summary>Accounts whose former primary the org remembers: every fiftieth.</summary>
    public static bool KnowsFormer(int number) => number % 50 == 7;

    public static bool HasSecondContact(int number) => number % 2 == 0;

    public static bool IsStrategic(int number) => number % 64 == 9;
}
