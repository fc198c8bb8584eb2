namespace PocSync.Tests.Cli;

/// <summary>A name that is no setting is refused, whichever section it is in.</summary>
public sealed class ProgramSettingsTests
{
    [Theory]
    [InlineData("Guadr:MaxChanged", "There is no setting Guadr:MaxChanged; did you mean Guard:MaxChanged?")]
    [InlineData("Guadr:MaxChangd", "There is no setting Guadr:MaxChangd; did you mean Guard:MaxChanged?")]
    [InlineData("Salesforce:Loginurl2", "There is no setting Salesforce:Loginurl2; did you mean Salesforce:LoginUrl?")]
    [InlineData("Ledger:Provder", "did you mean Ledger:Provider?")]
    [InlineData("Jobs:Daily", "There is no setting Jobs:Daily; there are Jobs:Engine, Jobs:TimeZone")]
    [InlineData("Review:SignOn", "did you mean Review:SignIn?")]
    [InlineData("Rules:Flie", "did you mean Rules:File?")]
    [InlineData("Clock:Sped", "did you mean Clock:Speed?")]
    [InlineData("Pausd", "There is no setting Pausd; did you mean Paused?")]
    [InlineData("Paused:Why", "Paused is a single value")]
    [InlineData("Guard:MaxChanged:Accounts", "Guard:MaxChanged is a single value, and holds others (Accounts).")]
    [InlineData("Guard", "Guard is a section of settings and has no value of its own")]
    [InlineData("Weather:Rain", "There is no setting Weather:Rain; the sections are Salesforce, Ledger,")]
    public async Task What_is_no_setting_is_refused_with_the_nearest_right_name(string name, string sentence)
    {
        foreach (var verb in new[] { "rules show", "runs", "serve" })
        {
            var run = await Shell.PocSync(new Dictionary<string, string?> { [name] = "1" }, verb.Split(' '));
            run.Status.ShouldBe(2, verb);
            run.Error.ShouldContain(sentence);
        }
    }

    [Fact]
    public async Task All_of_them_are_said_at_once_and_never_a_value()
    {
        var run = await Shell.PocSync(new Dictionary<string, string?> { ["Guadr:MaxChanged"] = "1", ["Salesforce:ClientSecrt"] = "hush", ["guard:maxchanged"] = "7" }, "rules", "show");
        run.Error.TrimEnd().Split('\n').Length.ShouldBe(2);
        run.Error.ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("SERVICE_HOST")]
    [InlineData("PORT")]
    [InlineData("DEBUG")]
    [InlineData("SECRETS")]
    [InlineData("paused")]
    [InlineData("SALESFORCE:LOGINURL")]
    public async Task What_the_environment_holds_beside_them_is_let_be(string name) =>
        (await Shell.PocSync(new Dictionary<string, string?> { [name] = "0" }, "rules", "show")).Status.ShouldBe(0);

    [Fact]
    public async Task Help_needs_no_right_settings() =>
        (await Shell.PocSync(new Dictionary<string, string?> { ["Guadr:MaxChanged"] = "1" }, "rules", "show", "--help")).Status.ShouldBe(0);

    [Fact]
    public async Task Everything_in_the_sample_is_a_setting()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "appsettings.sample.json")))
        {
            folder = folder.Parent;
        }

        // Also what it only shows behind a comment.
        var keys = System.Text.RegularExpressions.Regex.Matches(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "appsettings.sample.json")),
            "^ {2}(?<top>\"(?<section>\\w+)\": \\{)|^ {4}(// )?\"(?<key>\\w+)\":", System.Text.RegularExpressions.RegexOptions.Multiline);
        var (section, named) = ("", new Dictionary<string, string?>());
        foreach (System.Text.RegularExpressions.Match match in keys)
        {
            if (match.Groups["section"].Success)
            {
                section = match.Groups["section"].Value;
            }
            else if (section != "Rules")
            {
                named[$"{section}:{match.Groups["key"].Value}"] = "";
            }
        }

        named.Count.ShouldBeGreaterThan(30);
        (await Shell.PocSync(named, "rules", "show")).Error.ShouldBe("");
    }
}
