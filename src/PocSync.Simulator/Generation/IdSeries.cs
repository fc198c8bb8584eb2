namespace PocSync.Simulator.Generation;

/// <summary>The ids of one object's rows: key prefix, the org's instance, a serial number in base 62, the three check characters.</summary>
internal readonly struct IdSeries(string keyPrefix)
{
    private const string Instance = "5g0";
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Checks = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    /// <summary>Where the serials of an org that has lived for a while begin.</summary>
    private const long First = 0x5_1A2B_3C4D;

    public static readonly IdSeries Organization = new("00D");
    public static readonly IdSeries Account = new("001");
    public static readonly IdSeries Contact = new("003");
    public static readonly IdSeries User = new("005");
    public static readonly IdSeries UserLogin = new("0Yw");
    public static readonly IdSeries Opportunity = new("006");
    public static readonly IdSeries Case = new("500");
    public static readonly IdSeries Group = new("00G");
    public static readonly IdSeries GroupMember = new("011");
    public static readonly IdSeries AccountTeamMember = new("01M");
    public static readonly IdSeries AccountHistory = new("017");
    public static readonly IdSeries ProcessInstance = new("04g");
    public static readonly IdSeries Assignment = new("a01");
    public static readonly IdSeries Department = new("a02");
    public static readonly IdSeries Absence = new("a03");
    public static readonly IdSeries Handoff = new("a04");

    /// <summary>The 18-character id of the row with this index.</summary>
    public string this[long index] => string.Create(18, (keyPrefix, First + index), static (id, from) =>
    {
        from.keyPrefix.CopyTo(id);
        Instance.CopyTo(id[3..]);
        var rest = from.Item2;
        for (var i = 14; i >= 6; i--, rest /= 62)
            id[i] = Digits[(int)(rest % 62)];
        for (var group = 0; group < 3; group++)
        {
            var capitals = 0;
            for (var i = 0; i < 5; i++)
                if (char.IsAsciiLetterUpper(id[group * 5 + i]))
                    capitals |= 1 << i;
            id[15 + group] = Checks[capitals];
        }
    });
}
