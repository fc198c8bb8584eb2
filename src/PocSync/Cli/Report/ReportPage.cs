using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Exports;
using static PocSync.NumberText;

namespace PocSync.Cli.Report;

/// <summary>
/// An audit as one page to read and forward: no network, nothing outside the file. It is whole without its script, which only finds and opens what a
/// reader types.
/// </summary>
internal sealed class ReportPage(AuditResult audit, ExportContents? contents)
{
    private const int MaxAccounts = 15;
    private const int MaxRowsOfRule = 100;
    private const int MaxPeople = 40;
    private const int MaxRowsOfPerson = 15;

    private static readonly string Style = Resource("report.css");
    private static readonly string Script = Resource("report.js");

    private readonly ReportFigures _figures = new(audit);
    private readonly Snapshot _snapshot = audit.Snapshot;

    /// <summary>Writes the page.</summary>
    public void Write(TextWriter output) => output.Write(Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{Digest(Style)}'; script-src '{Digest(Script)}'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>Account coverage{(_snapshot.Org.Name is { } name ? ": " + name : "")}, {Day}</title>
        <style>{Html.Raw(Style)}</style>
        </head>
        <body>
        <a class="skip" href="#main">Skip to the report</a>
        {Header()}
        <main id="main">
        {CoverageSection()}
        {AccountsSection()}
        {RulesSection()}
        {PeopleSection()}
        {NotJudgedSection()}
        {DataSection()}
        </main>
        <footer><p>Made by PocSync {Version}, which reads and never writes for a report like this one. Names and figures are as they were in the org on {Day}.</p></footer>
        <script>{Html.Raw(Script)}</script>
        </body>
        </html>

        """).ToString());

    private string Day => Local.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private DateTimeOffset Local => TimeZoneInfo.ConvertTime(_snapshot.AsOf.Now, _snapshot.AsOf.Zone);

    private static string Version => typeof(ReportPage).Assembly.GetName().Version!.ToString(3);

    private Html Header() => Html.Of($"""
        <header class="top">
        <div class="mark" aria-hidden="true"><svg viewBox="0 0 24 24" width="28" height="28"><path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8a7 7 0 0 1 14 0Z"/></svg></div>
        <div>
        <p class="eyebrow">Account coverage{(_snapshot.Org.Name is { } name ? " · " + name : "")}</p>
        <h1>{Headline()}</h1>
        <p class="meta">{Day}, {Local.ToString("HH:mm", CultureInfo.InvariantCulture)} {(_snapshot.AsOf.Zone.Id is "UTC" or "Etc/UTC" ? "UTC" : _snapshot.AsOf.Zone.Id)}
         · {Count(_snapshot.Accounts.Count, "account")}{(audit.Exempt > 0 ? $", {audit.Exempt:N0} of them exempt" : "")} · {Count(_snapshot.Users.Count, "user")}</p>
        </div>
        </header>
        <nav aria-label="Sections"><ul>
        <li><a href="#coverage">Coverage</a></li><li><a href="#start">Where to start</a></li><li><a href="#rules">By rule</a></li><li><a href="#people">By person</a></li><li><a href="#not-judged">Not judged</a></li><li><a href="#data">The data</a></li>
        </ul>
        <label class="find" hidden>Find <input type="search" placeholder="account or person"></label></nav>
        """);

    private string Headline()
    {
        var (noPrimary, noBackup) = (_figures.Where(c => c.Primary == false), _figures.Where(c => c.Backup == false));
        return (_figures.KnowsPrimary, _figures.KnowsBackup) switch
        {
            _ when _figures.InScope.Count == 0 => "There are no accounts to judge.",
            (true, true) when noPrimary.Accounts == 0 && noBackup.Accounts == 0 => "Every account has a primary contact and a backup who can act.",
            (true, true) when noPrimary.Accounts == 0 && noBackup.Accounts == _figures.InScope.Count => "Every account has a primary contact who can act, but none has a backup who can.",
            (true, true) when noPrimary.Accounts == 0 => $"Every account has a primary contact who can act; {OfAll(noBackup.Accounts)} no backup who can.",
            (true, true) when noBackup.Accounts == 0 => $"{Sentence(OfAll(noPrimary.Accounts))} no primary contact who can act; every account has a backup who can.",
            (true, true) => $"{Sentence(OfAll(noPrimary.Accounts))} no primary contact who can act, and {noBackup.Accounts:N0} no backup who can.",
            (true, false) when noPrimary.Accounts == 0 => "Every account has a primary contact who can act.",
            (true, false) => $"{Sentence(OfAll(noPrimary.Accounts))} no primary contact who can act.",
            (false, true) => noBackup.Accounts == 0 ? "Every account has a backup who can act." : $"{Sentence(OfAll(noBackup.Accounts))} no backup who can act.",
            _ => $"{Count(audit.Findings.Count, "finding")} about {Count(_figures.Accounts.Count, "account")}.",
        };
    }

    private string OfAll(int accounts) => accounts == _figures.InScope.Count && accounts > 1 ? $"all {accounts:N0} accounts have"
        : $"{accounts:N0} of {Count(_figures.InScope.Count, "account")} {(accounts == 1 ? "has" : "have")}";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private Html CoverageSection()
    {
        var knowsPrimary = _figures.KnowsPrimary;
        var knowsBackup = _figures.KnowsBackup;
        var all = Share.Of(_figures.InScope);
        var parts = new List<(string Label, string Class, Share Share)>();
        void Part(string label, string @class, Func<Coverage, bool> holds) => parts.Add((label, @class, _figures.Where(holds)));
        if (knowsPrimary && knowsBackup)
        {
            Part("Primary contact and backup", "full", c => c is { Primary: true, Backup: true });
            Part("Primary contact, no backup", "half", c => c is { Primary: true, Backup: false });
            Part("Backup, no primary contact", "weak", c => c is { Primary: false, Backup: true });
            Part("Nobody", "none", c => c is { Primary: false, Backup: false });
        }
        else if (knowsPrimary)
        {
            Part("Primary contact", "full", c => c.Primary == true);
            Part("Nobody", "none", c => c.Primary == false);
        }

        var errors = audit.Findings.Count(f => f.Severity == Severity.Error);
        return Html.Of($"""
            <section id="coverage" aria-labelledby="coverage-title">
            <h2 id="coverage-title">Coverage</h2>
            <div class="tiles">
            {Tile("Without a working primary contact", knowsPrimary ? _figures.Where(c => c.Primary == false) : null, "none")}
            {Tile("Without a working backup", knowsBackup ? _figures.Where(c => c.Backup == false) : null, "half")}
            {Tile("Accounts with findings", Share.Of(_figures.Accounts.Select(a => a.Account)), "plain")}
            <div class="tile"><p class="label">Findings</p><p class="value">{audit.Findings.Count}</p><p class="note">{(errors == 0 ? "none of them an error" : errors == 1 ? "1 of them an error" : $"{errors:N0} of them errors")}</p></div>
            </div>
            {(parts.Count == 0 || all.Accounts == 0 ? Html.Empty : Html.Of($"""
                <div class="card">
                <h3>Who could step in today</h3>
                <p class="quiet">An account counts as covered by somebody who is active, not locked out and a colleague of the right kind.</p>
                <table class="stack">
                <thead><tr><th scope="col">Covered by</th><th scope="col" class="number">Accounts</th>{If(_figures.KnowsWorth, Html.Of($"""<th scope="col" class="number">Annual revenue</th>"""))}</tr></thead>
                <tbody>{parts.Select(p => Html.Of($"""
                    <tr><th scope="row"><svg class="key" aria-hidden="true"><rect class="{p.Class}" width="100%" height="100%"/></svg>{p.Label}</th><td class="number">{p.Share.Accounts} <span class="quiet">{Percent(p.Share.Accounts, all.Accounts)}</span></td>{If(_figures.KnowsWorth, Html.Of($"""<td class="number">{Worth(p.Share.Worth)} <span class="quiet">{Percent(p.Share.Worth, all.Worth)}</span></td>"""))}</tr>
                    """))}</tbody>
                </table>
                <p class="bar-title">By accounts</p>{Stack(parts.Select(p => (p.Class, (decimal)p.Share.Accounts)))}
                {If(_figures.KnowsWorth, Html.Of($"""<p class="bar-title">By annual revenue</p>{Stack(parts.Select(p => (p.Class, p.Share.Worth)))}"""))}
                </div>
                """))}
            </section>
            """);
    }

    private Html Tile(string label, Share? share, string @class) => share is { } known
        ? Html.Of($"""<div class="tile {@class}{(known.Accounts == 0 ? " zero" : "")}"><p class="label">{label}</p><p class="value">{known.Accounts} <span class="of">of {_figures.InScope.Count}</span></p><p class="note">{(known.Accounts == 0 || !_figures.KnowsWorth ? " " : $"worth {Worth(known.Worth)} a year")}</p></div>""")
        : Html.Of($"""<div class="tile"><p class="label">{label}</p><p class="value unknown">not known</p><p class="note">the data does not tell</p></div>""");

    private static Html Stack(IEnumerable<(string Class, decimal Size)> parts)
    {
        var sizes = parts.ToList();
        var all = sizes.Sum(s => s.Size);
        var rects = new List<Html>();
        var at = 0m;
        foreach (var (@class, size) in sizes)
        {
            rects.Add(Html.Of($"""<rect class="{@class}" x="{Part(at, all)}" width="{Part(size, all)}" height="100%"/>"""));
            at += size;
        }

        return Html.Of($"""<svg class="bar" aria-hidden="true">{rects}</svg>""");
    }

    private Html AccountsSection() => Html.Of($"""
        <section id="start" aria-labelledby="start-title">
        <h2 id="start-title">Where to start</h2>
        {(_figures.Accounts.Count == 0 ? Html.Of($"""<p class="card">No account has a finding.</p>""") : Html.Of($"""
            <p class="quiet">{(_figures.Accounts.Count > MaxAccounts ? $"The {MaxAccounts} of {_figures.Accounts.Count:N0} accounts with findings that need somebody first" : "The accounts with findings")}: the most severe, and among these those that are worth most.</p>
            <div class="card wide"><table class="rows">
            <thead><tr><th scope="col">Account</th>{If(_figures.KnowsWorth, Html.Of($"""<th scope="col" class="number">Annual revenue</th>"""))}<th scope="col">Primary contact</th><th scope="col">What is wrong</th></tr></thead>
            <tbody>{_figures.Accounts.Take(MaxAccounts).Select(AccountRow)}</tbody>
            </table></div>
            """))}
        </section>
        """);

    private Html AccountRow(AccountGroup group) => Html.Of($"""
        <tr><th scope="row">{group.Account.Name}</th>{If(_figures.KnowsWorth, Html.Of($"""<td class="number" data-label="Annual revenue">{Worth(group.Account.AnnualRevenue)}</td>"""))}<td data-label="Primary contact">{_figures.PrimaryOf(group.Account)}</td><td data-label="What is wrong"><ul class="pills">{group.Findings.GroupBy(f => (f.Severity, Words: RuleWords.Of(f))).Select(g => Html.Of($"""<li class="{Word(g.Key.Severity)}">{g.Key.Words}{(g.Count() > 1 ? $" ({g.Count()})" : "")}</li>"""))}</ul></td></tr>
        """);

    private Html RulesSection()
    {
        var most = _figures.Rules.Select(r => r.Findings.Count).DefaultIfEmpty(1).Max();
        var fine = audit.Rules.Where(r => r.Reason is null && r.Findings.Count == 0).ToList();
        return Html.Of($"""
            <section id="rules" aria-labelledby="rules-title">
            <h2 id="rules-title">By rule</h2>
            {If(_figures.Rules.Count > 0, Html.Of($"""<div class="card list">{_figures.Rules.Select(group => RuleDetails(group, most))}</div>"""))}
            {(fine.Count == 0 ? Html.Empty : Html.Of($"""
                <div class="card"><h3>Nothing found by {(fine.Count == 1 ? "1 rule" : $"{fine.Count} rules")}</h3>
                <ul class="fine">{fine.Select(r => Html.Of($"""<li><strong>{RuleWords.Of(r.Rule.Id).Title}</strong> <span class="quiet">{r.Rule.Meaning}</span></li>"""))}</ul></div>
                """))}
            </section>
            """);
    }

    private Html RuleDetails(RuleGroup group, int most)
    {
        var words = RuleWords.Of(group.Result.Rule.Id);
        var isAboutAccounts = group.Findings.Any(f => !f.Account.IsNone);
        var codes = group.Findings.GroupBy(f => f.Code).OrderByDescending(g => g.Count()).ToList();
        return Html.Of($"""
            <details class="group" id="rule-{group.Result.Rule.Id}">
            <summary>
            <span class="name"><span class="badge {Word(group.Severity)}">{Word(group.Severity)}</span> <h3 class="title">{words.Problem}</h3></span>
            <span class="figures"><strong>{group.Findings.Count}</strong> {(group.Findings.Count == 1 ? "finding" : "findings")}{(group.Share.Worth > 0 ? $" · {Worth(group.Share.Worth)}" : "")}</span>
            <svg class="bar thin" aria-hidden="true"><rect class="{Word(group.Severity)}" width="{Part(group.Findings.Count, most)}" height="100%"/></svg>
            </summary>
            <div class="body">
            <p>{group.Result.Rule.Meaning} {words.Why}</p>
            {If(codes.Count > 1, Html.Of($"""<ul class="codes">{codes.Select(c => Html.Of($"""<li>{RuleWords.Of(c.First())}: <strong>{c.Count()}</strong></li>"""))}</ul>"""))}
            <table class="rows">
            <thead><tr><th scope="col">{(isAboutAccounts ? "Account" : "Concerns")}</th>{If(isAboutAccounts && _figures.KnowsWorth, Html.Of($"""<th scope="col" class="number">Annual revenue</th>"""))}{If(isAboutAccounts, Html.Of($"""<th scope="col">Concerns</th>"""))}<th scope="col">What was found</th></tr></thead>
            <tbody>{group.Findings.Take(MaxRowsOfRule).Select(f => FindingRow(f, withPerson: true))}</tbody>
            </table>
            {More(group.Findings.Count, MaxRowsOfRule)}
            </div>
            </details>
            """);
    }

    private Html FindingRow(Finding finding, bool withPerson)
    {
        var account = _snapshot.FindAccount(finding.Account);
        return account is null
            ? Html.Of($"""<tr><th scope="row">{_figures.NameOf(finding)}</th><td data-label="What was found">{finding.Sentence}</td></tr>""")
            : Html.Of($"""
                <tr><th scope="row">{account.Name}</th>{If(_figures.KnowsWorth, Html.Of($"""<td class="number" data-label="Annual revenue">{Worth(account.AnnualRevenue)}</td>"""))}{If(withPerson, Html.Of($"""<td data-label="Concerns">{_figures.NameOf(finding)}</td>"""))}<td data-label="What was found">{If(!withPerson, Html.Of($"""<span class="badge {Word(finding.Severity)}">{Word(finding.Severity)}</span> """))}{finding.Sentence}</td></tr>
                """);
    }

    private Html PeopleSection()
    {
        var most = _figures.People.Select(Size).DefaultIfEmpty(1).Max();
        return Html.Of($"""
            <section id="people" aria-labelledby="people-title">
            <h2 id="people-title">By person</h2>
            {(_figures.People.Count == 0 ? Html.Of($"""<p class="card">Nobody is concerned by a finding.</p>""") : Html.Of($"""
                <p class="quiet">{(_figures.People.Count > MaxPeople ? $"The {MaxPeople} of {_figures.People.Count:N0} people and departments" : "The people and departments")} whom the findings concern: an account's primary contact, or its owner where it has none. Worth first.</p>
                <div class="card list">{_figures.People.Take(MaxPeople).Select(p => PersonDetails(p, most))}</div>
                """))}
            </section>
            """);
    }

    /// <summary>What people are compared by.</summary>
    private decimal Size(Concern person) => _figures.KnowsWorth ? person.Share.Worth : person.Findings.Count;

    private Html PersonDetails(Concern person, decimal most)
    {
        var (ofAccounts, others) = (person.Findings.Where(f => !f.Account.IsNone).ToList(), person.Findings.Where(f => f.Account.IsNone).ToList());
        return Html.Of($"""
            <details class="group">
            <summary>
            <span class="name"><h3 class="title">{Sentence(person.Name)}</h3></span>
            <span class="figures"><strong>{person.Findings.Count}</strong> {(person.Findings.Count == 1 ? "finding" : "findings")}{(person.Share.Accounts > 0 ? $" · {Count(person.Share.Accounts, "account")}" : "")}{(person.Share.Worth > 0 ? $" · {Worth(person.Share.Worth)}" : "")}</span>
            <svg class="bar thin" aria-hidden="true"><rect class="person" width="{Part(Size(person), most)}" height="100%"/></svg>
            </summary>
            <div class="body">
            {If(others.Count > 0, Html.Of($"""<ul class="own">{others.Take(MaxRowsOfPerson).Select(f => Html.Of($"""<li><span class="badge {Word(f.Severity)}">{Word(f.Severity)}</span> {f.Sentence}</li>"""))}</ul>"""))}
            {If(ofAccounts.Count > 0, Html.Of($"""
                <table class="rows">
                <thead><tr><th scope="col">Account</th>{If(_figures.KnowsWorth, Html.Of($"""<th scope="col" class="number">Annual revenue</th>"""))}<th scope="col">What was found</th></tr></thead>
                <tbody>{ofAccounts.Take(MaxRowsOfPerson).Select(f => FindingRow(f, withPerson: false))}</tbody>
                </table>
                {More(ofAccounts.Count, MaxRowsOfPerson)}
                """))}
            </div>
            </details>
            """);
    }

    private static Html More(int all, int shown) => If(all > shown, Html.Of($"""
        <p class="quiet more">The first {shown} of {all}. All of them: <code>pocsync audit … --format csv</code></p>
        """));

    private Html NotJudgedSection()
    {
        var skipped = audit.Rules.Where(r => r.Reason is not null).ToList();
        return Html.Of($"""
            <section id="not-judged" aria-labelledby="not-judged-title">
            <h2 id="not-judged-title">Not judged</h2>
            {(skipped.Count == 0 ? Html.Of($"""<p class="card">Every rule was judged.</p>""") : Html.Of($"""
                <p class="quiet">These rules say nothing about the accounts, neither good nor bad.</p>
                <div class="card wide"><table class="rows">
                <thead><tr><th scope="col">Rule</th><th scope="col">Why not</th></tr></thead>
                <tbody>{skipped.Select(r => Html.Of($"""<tr><th scope="row">{RuleWords.Of(r.Rule.Id).Title}</th><td data-label="Why not">{Sentence(r.Reason!)}.</td></tr>"""))}</tbody>
                </table></div>
                """))}
            </section>
            """);
    }

    private Html DataSection() => Html.Of($"""
        <section id="data" aria-labelledby="data-title">
        <h2 id="data-title">The data</h2>
        <div class="card"><dl class="facts">
        <dt>Who counts as what</dt><dd>{_snapshot.Binding switch
    {
        Binding.Owner => "The owner of an account counts as its primary contact.",
        Binding.Team => "The owner of an account counts as its primary contact; backups and specialists come from the account team.",
        _ => $"Primary contacts, backups and specialists come from {_snapshot.Names.Object("POC_Assignment__c")}.",
    }}</dd>
        <dt>Annual revenue</dt><dd>{(_figures.KnowsWorth ? "As each account says; amounts in several currencies are added as they are." : "No account says what it is worth.")}</dd>
        {If(audit.Exempt > 0, Html.Of($"""<dt>Exempt</dt><dd>{Count(audit.Exempt, "account")}, until the day in {_snapshot.Names.Field("Account", "POC_Exempt_Until__c")}; no rule looks at them.</dd>"""))}
        {(contents is null ? Html.Empty : ContentsFacts(contents))}
        <dt>Could not be read</dt><dd>{(_snapshot.Unreadable.Count == 0 ? "Nothing: every value that the rules look at could be read." : "Taken as blank: " + string.Join(", ", _snapshot.Unreadable.OrderBy(u => u.Key, StringComparer.Ordinal).Select(u => $"{u.Key} in {Count(u.Value, "row")}")) + ".")}</dd>
        </dl></div>
        </section>
        """);

    private static Html ContentsFacts(ExportContents contents)
    {
        var fields = contents.Tables.Where(t => t.MissingFields.Count > 0).ToList();
        return Html.Of($"""
            <dt>Read</dt><dd>{string.Join(", ", contents.Tables.Select(t => $"{t.File} ({Count(t.Rows, "row")})"))}.</dd>
            {If(contents.MissingFiles.Count > 0, Html.Of($"""<dt>Files that were not there</dt><dd>{string.Join(", ", contents.MissingFiles)}.</dd>"""))}
            {If(fields.Count > 0, Html.Of($"""<dt>Fields that were not there</dt><dd><ul>{fields.Select(t => Html.Of($"""<li>{t.File}: {string.Join(", ", t.MissingFields)}</li>"""))}</ul></dd>"""))}
            {If(contents.IgnoredFiles.Count > 0, Html.Of($"""<dt>Files that were not used</dt><dd>{string.Join(", ", contents.IgnoredFiles.Take(20))}{(contents.IgnoredFiles.Count > 20 ? $" and {contents.IgnoredFiles.Count - 20} more" : "")}.</dd>"""))}
            """);
    }

    private static Html If(bool condition, Html html) => condition ? html : Html.Empty;

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();

    private static string Digest(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
