using System.IO.Compression;
using System.Text;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Exports;

namespace PocSync.Tests.Exports;

public sealed class ExportReaderTests : IDisposable
{
    private const string Id1 = "001000000000001AAA";
    private const string Id2 = "001000000000002AAA";
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);

    private (Snapshot Snapshot, ExportContents Contents) Read(string? path = null, Settings? settings = null) =>
        new ExportReader(settings ?? Settings.Default, Now).Read(path ?? _folder);

    private string Refusal(string? path = null) => Should.Throw<ExportException>(() => Read(path)).Message;

    private string Zip(params (string Name, string Text)[] entries)
    {
        var path = Path.Combine(_folder, "export.zip");
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, text) in entries)
        {
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(text);
        }

        return path;
    }

    [Fact]
    public void Files_and_columns_are_found_in_any_case()
    {
        Write("ACCOUNT.CSV", $"ID,NAME,OWNERID\n{Id1[..15]},Acme,005000000000001\n");
        Write("user.csv", "id,isactive\n005000000000001,TRUE\n");
        var (snapshot, _) = Read();
        snapshot.Accounts.Single().Name.ShouldBe("Acme");
        snapshot.Users.Values.Single().IsActive.ShouldBeTrue();
    }

    [Fact]
    public void An_object_is_found_by_the_orgs_name_for_it()
    {
        Write("Account.csv", $"Id\n{Id1}\n");
        Write("Coverage__c.csv", $"Id,Customer__c,Role__c,User__c\na00000000000001,{Id1},Primary,005000000000001\n");
        var settings = Naming(new() { ["POC_Assignment__c"] = "Coverage__c", ["POC_Assignment__c.Account__c"] = "Customer__c" });
        var (snapshot, contents) = Read(settings: settings);
        snapshot.Binding.ShouldBe(Binding.Package);
        snapshot.Rows[0].Length.ShouldBe(1);
        contents.IgnoredFiles.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_missing_and_what_is_not_used_is_named()
    {
        Write("Account.csv", $"Id,Name\n{Id1},Acme\n{Id2},Bolt\n");
        Write("Lead.csv", "anything");
        Write("notes.txt", "");
        var (_, contents) = Read();
        contents.Tables.Single().Rows.ShouldBe(2);
        contents.Tables.Single().MissingFields.ShouldContain("OwnerId");
        contents.MissingFiles.ShouldContain("User.csv");
        contents.MissingFiles.ShouldNotContain("Account.csv");
        contents.IgnoredFiles.ShouldBe(["Lead.csv", "notes.txt"]);
    }

    [Fact]
    public void A_zip_is_read_as_its_folder_would_be()
    {
        var path = Zip(("export/Account.csv", $"Id,Name\n{Id1},Acme\n"), ("__MACOSX/export/._Account.csv", "\0"), ("export/inner.zip", "x"), ("../../evil.txt", "x"));
        var (snapshot, contents) = Read(path);
        snapshot.Accounts.Single().Name.ShouldBe("Acme");
        contents.IgnoredFiles.ShouldBe(["../../evil.txt", "export/inner.zip"]);
        Directory.GetFileSystemEntries(_folder).ShouldBe([path]);
    }

    [Theory]
    [InlineData("Account.csv", "Name\nAcme\n", "Account.csv, line 1, field Id: Account has no Id column")]
    [InlineData("Account.csv", $"Id,Name\n{Id1},\"a\nb\"\n{Id1},c\n", "Account.csv, line 4, field Id: the id 001000000000001AAA was on an earlier row")]
    [InlineData("Account.csv", "Id\nx\n", "Account.csv, line 2, field Id: 'x' is not a Salesforce id")]
    [InlineData("Account.csv", $"Id,Name\n{Id1},\"Ac\"me\n", "Account.csv, line 2, column 24: text follows")]
    [InlineData("Account.csv", $"Id,Name\n{Id1},\"Ac\nme\"x\n", "Account.csv, in the record of line 2, at line 3, column 4: text follows")]
    [InlineData("account.csv", "", "account.csv is empty")]
    [InlineData("account.csv", "\n", "account.csv, line 1: the file is empty")]
    [InlineData("Contact.csv", "Id\n", "has no Account.csv")]
    [InlineData("notes.txt", "", "holds no CSV files")]
    public void A_file_that_cannot_be_read_is_refused_in_one_sentence(string file, string text, string sentence)
    {
        Write(file, text);
        Refusal().ShouldContain(sentence);
    }

    [Fact]
    public void A_place_that_is_no_export_is_refused()
    {
        Refusal().ShouldContain("holds no CSV files");
        Refusal(Path.Combine(_folder, "nowhere")).ShouldContain("There is no folder or zip");
        Write("plain.txt", "not a zip");
        Refusal(Path.Combine(_folder, "plain.txt")).ShouldContain("neither a folder nor a zip");
    }

    [Fact]
    public void Nobody_waits_for_a_pipe()
    {
        using var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_folder, "Account.csv"), Path.Combine(_folder, "export.zip")])!;
        mkfifo.WaitForExit();
        Refusal().ShouldContain("Account.csv is empty");
        Refusal(Path.Combine(_folder, "export.zip")).ShouldContain("neither a folder nor a zip");
    }

    [Fact]
    public void Two_files_of_one_object_are_refused()
    {
        Write("Account.csv", "Id\n");
        Write("account.CSV", "Id\n");
        Refusal().ShouldContain("has both Account.csv and account.CSV");
        Refusal(Zip(("a/Account.csv", "Id\n"), ("b/Account.csv", "Id\n"))).ShouldContain("has both a/Account.csv and b/Account.csv");
    }

    [Fact]
    public void A_damaged_zip_entry_is_refused()
    {
        var path = Zip(("Account.csv", $"Id,Name\n{Id1},{string.Concat(Enumerable.Range(0, 4_000).Select(i => (char)('a' + i * i % 23)))}\n"));
        var bytes = File.ReadAllBytes(path);
        using (var zip = ZipFile.OpenRead(path))
        {
            bytes[zip.Entries[0].CompressedLength / 2 + 30] ^= 0x10;
        }

        File.WriteAllBytes(path, bytes);
        Refusal(path).ShouldContain("Account.csv in export.zip is damaged");
    }

    [Fact]
    public void A_zip_entry_whose_checksum_is_wrong_is_refused()
    {
        var path = Path.Combine(_folder, "stored.zip");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using var writer = new StreamWriter(zip.CreateEntry("Account.csv", CompressionLevel.NoCompression).Open());
            writer.Write($"Id,Name\n{Id1},Acme Corporation\n");
        }

        var text = Encoding.Latin1.GetString(File.ReadAllBytes(path)).Replace("Acme", "Akme", StringComparison.Ordinal);
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(text));
        Refusal(path).ShouldContain("is damaged");
    }

    [Fact]
    public void A_zip_that_unpacks_beyond_reason_is_refused()
    {
        var path = Path.Combine(_folder, "bomb.zip");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using (var account = new StreamWriter(zip.CreateEntry("Account.csv").Open()))
            {
                account.Write("Id\n");
            }

            using var stream = zip.CreateEntry("Opportunity.csv").Open();
            stream.Write("Id,AccountId,Name\n"u8);
            var lines = Enumerable.Repeat((byte)'\n', 1_000_000).ToArray();
            for (var i = 0; i < 70; i++)
            {
                stream.Write(lines);
            }
        }

        new FileInfo(path).Length.ShouldBeLessThan(200_000);
        Refusal(path).ShouldContain("Opportunity.csv in bomb.zip unpacks to more than 250 times its size");
    }

    private static Settings Naming(Dictionary<string, string> names)
    {
        var entries = names.Select(n => (new SettingScalar(1, 1, n.Key, true), (SettingNode)new SettingScalar(1, 1, n.Value, true))).ToList();
        return SettingsReader.Read(new SettingMap(1, 1, [(new SettingScalar(1, 1, "names", true), new SettingMap(1, 1, entries))])).Settings!;
    }
}
