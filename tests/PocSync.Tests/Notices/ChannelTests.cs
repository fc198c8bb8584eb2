using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Notices;
using PocSync.Tests.Runs;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>Each way by which people are told, with hostile names.</summary>
public sealed class ChannelTests
{
    private const string Hostile = "<!channel> @everyone\r\nBcc: evil@x.example & <b>Co</b>";

    [Fact]
    public async Task Chatter_mentions_the_receiver_and_mail_goes_to_one_person_each()
    {
        await using var host = await StartAsync("Chatter, Email");

        (await host.RunAsync("sync")).Status.ShouldBe(0);

        (await host.OutAsync()).Where(o => LiveOrgHost.Text(o, "kind") == "post").Select(o => (Name(LiveOrgHost.Text(o, "target")), LiveOrgHost.Text(o, "body")!.Split('\n')[0]))
            .ShouldBe([("Ana", "@Ana For Gone, who is gone: Please write the handoff notes of 2 accounts, and 1 other thing"), ("Ben", "@Ben You are now the primary contact of Account 0"),
                ("Cy", "@Cy You are now the primary contact of Account 1")], ignoreOrder: true);
        (await host.OutAsync()).Where(o => LiveOrgHost.Text(o, "kind") == "email").Select(o => o.GetProperty("recipients")[0].GetString())
            .ShouldBe(["ana@x.example", "ben@x.example", "cy@x.example"], ignoreOrder: true);
        (await host.TasksAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mail_server_gets_plain_text_and_hostile_names_make_no_headers()
    {
        await using var host = await StartAsync("Smtp");
        using var server = new MailServer();
        Smtp(host, server.Port);
        await host.ChangeAsync("Account", Account(0), new { Name = Hostile });

        (await host.RunAsync("sync")).Error.ShouldContain("3 Email by Smtp messages sent.");

        server.Mails.Count.ShouldBe(3);
        var ben = server.Mails.Single(m => m.Contains("RCPT TO:<ben@x.example>"));
        ben.ShouldContain("Auto-Submitted: auto-generated");
        ben.ShouldContain("Content-Type: text/plain");
        ben.Split("\r\n").ShouldNotContain(l => l.StartsWith("Bcc:", StringComparison.OrdinalIgnoreCase));
        (await host.RunAsync("sync")).Error.ShouldNotContain("Smtp");
    }

    [Fact]
    public async Task A_mail_server_that_cannot_be_reached_is_tried_again_later()
    {
        await using var host = await StartAsync("Smtp");
        Smtp(host, MailServer.FreePort());

        (await host.RunAsync("sync")).Error.ShouldMatch("Smtp: 3 messages to [A-Z][a-z]+, [A-Z][a-z]+, [A-Z][a-z]+ could not be sent and will be tried again: the mail server cannot be reached");
        using var server = new MailServer();
        Smtp(host, server.Port);
        (await host.RunAsync("sync")).Error.ShouldNotContain("Smtp");
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await host.RunAsync("sync")).Error.ShouldContain("3 Email by Smtp messages sent.");
        server.Mails.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_teams_channel_gets_one_post_a_run_in_which_names_call_nobody()
    {
        await using var host = await StartAsync("Webhook");
        using var server = new PostServer();
        host.Settings["Notices:Webhook:Url"] = server.Url;
        await host.ChangeAsync("Account", Account(0), new { Name = Hostile });

        (await host.RunAsync("sync")).Status.ShouldBe(0);

        var post = System.Text.Json.JsonDocument.Parse(server.Posts.ShouldHaveSingleItem()).RootElement.GetProperty("text").GetString()!;
        post.ShouldStartWith("In your team 2 accounts changed hands\n");
        post.ShouldContain("Account 1: Cy is now the primary contact, in place of Gone.");
        post.ShouldNotContain("<");
        post.ShouldNotContain("@everyone");
    }

    [Fact]
    public async Task Text_of_the_org_marks_nothing_up_in_a_teams_channel_and_a_link_of_PocSync_stays_whole()
    {
        using var server = new PostServer();
        var letter = new Letter("Title", "[Sign in](https://evil.example) *a* _b_ `c` ~d~ <!channel> https://pocsync.example/my_tool/a?x=1");

        (await new WebhookChannel(new Uri(server.Url)).SendAsync([new Message(1, "k", null, letter, default, default, false)], default)).ShouldBe([new Delivery(Fate.Sent)]);

        var post = System.Text.Json.JsonDocument.Parse(server.Posts.ShouldHaveSingleItem()).RootElement.GetProperty("text").GetString()!;
        post.ShouldNotContain(c => "[]*`~<>".Contains(c));
        post.ShouldNotContain("_b");
        post.ShouldNotContain("b_");
        post.ShouldEndWith("&lt;!channel&gt; https://pocsync.example/my_tool/a?x=1");
    }

    [Fact]
    public async Task A_mail_server_that_says_nothing_is_waited_for_a_minute_and_what_became_of_the_mail_is_not_known()
    {
        var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var time = new MinuteByHand();
        var channel = new SmtpChannel(new SmtpSettings("127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port, new MailAddress("pocsync@x.example"), false, null, null), time);
        var ana = new Colleague(RecordId.Parse(Ana), "Ana", true, default, "ana@x.example", null, new HashSet<ChannelKind>());
        var sending = channel.SendAsync([new Message(1, "k", ana, new Letter("Title", "Body"), default, default, false)], default);
        using var client = await silent.AcceptTcpClientAsync();

        time.Pass();

        (await sending).ShouldBe([new Delivery(Fate.Unknown, "the mail server did not answer within 60 s")]);
        silent.Stop();
    }

    [Theory]
    [InlineData("Channels", "Pigeon", "Notices:Channels has 'Pigeon'; there are Task, Bell, Chatter, Email, Smtp, Webhook, or None.")]
    [InlineData("Channels", "Smtp", "Notices:Channels has Smtp, and Notices:Smtp:Host is missing")]
    [InlineData("QuietFrom", "late", "Notices:QuietFrom must be a time of day such as 07:00, not 'late'.")]
    [InlineData("Templates:BecamePrimary:Line", "{accuont}", "Notices:Templates:BecamePrimary:Line names the variable {accuont}, which there is not; there are {account}, {from}")]
    [InlineData("Templates:BecamePrimery:Line", "x", "There is no setting Notices:Templates:BecamePrimery:Line; did you mean Notices:Templates:BecamePrimary:Line?")]
    [InlineData("Webhook:Url", "http://hooks.example.com/secret", "Notices:Webhook:Url is no address that begins with https://.")]
    public async Task Settings_that_are_wrong_are_refused(string name, string value, string expected)
    {
        await using var host = await StartAsync("Bell");
        host.Settings[$"Notices:{name}"] = value;

        var run = await host.RunAsync("sync");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain(expected);
        run.Error.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Administrators_choose_the_words()
    {
        await using var host = await StartAsync("Bell");
        host.Settings["Notices:Templates:BecamePrimary:Title"] = "Neu für dich: {accounts}";
        host.Settings["Notices:Templates:BecamePrimary:Line"] = "{account}[ von {from}]";

        (await host.RunAsync("sync")).Status.ShouldBe(0);

        var bell = (await host.OutAsync()).Single(o => LiveOrgHost.Text(o, "title") == "Neu für dich: Account 0");
        LiveOrgHost.Text(bell, "body").ShouldBe("Account 0 von Gone");
        LiveOrgHost.Text(bell, "target").ShouldBe(Account(0));
    }

    private static async Task<RunHost> StartAsync(string channels)
    {
        var host = (await NoticeHost.LeaverAsync(LedgerProvider.Sqlite, 2)).AtAllTimes();
        host.Settings["Notices:Channels"] = channels;
        return host;
    }

    private static void Smtp(RunHost host, int port)
    {
        host.Settings["Notices:Smtp:Host"] = "127.0.0.1";
        host.Settings["Notices:Smtp:Port"] = $"{port}";
        host.Settings["Notices:Smtp:From"] = "pocsync@x.example";
        host.Settings["Notices:Smtp:Tls"] = "false";
    }

    /// <summary>A clock whose one wait, of a minute, ends when a test says so.</summary>
    private sealed class MinuteByHand : TimeProvider, ITimer
    {
        private Action? _end;

        public void Pass() => _end!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            dueTime.ShouldBe(TimeSpan.FromMinutes(1));
            _end = () => callback(state);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A mail server that takes everything.</summary>
    private sealed class MailServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public MailServer()
        {
            _listener.Start();
            _ = ServeAsync();
        }

        public List<string> Mails { get; } = [];

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public static int FreePort()
        {
            using var other = new MailServer();
            return other.Port;
        }

        public void Dispose() => _listener.Stop();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await TalkAsync(client.GetStream());
                }
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException or IOException)
            {
            }
        }

        private async Task TalkAsync(NetworkStream stream)
        {
            using var reader = new StreamReader(stream, Encoding.Latin1);
            async Task Say(string line) => await stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));
            var mail = new StringBuilder();
            await Say("220 here");
            while (await reader.ReadLineAsync() is { } line)
            {
                mail.Append(line).Append("\r\n");
                if (line == "DATA")
                {
                    await Say("354 go on");
                    while (await reader.ReadLineAsync() is { } text && text != ".")
                    {
                        mail.Append(text).Append("\r\n");
                    }

                    Mails.Add(mail.ToString());
                    mail.Clear();
                }

                await Say(line == "QUIT" ? "221 bye" : "250 ok");
                if (line == "QUIT")
                {
                    return;
                }
            }
        }
    }

    /// <summary>A place that takes posts.</summary>
    private sealed class PostServer : IDisposable
    {
        private readonly HttpListener _listener = new();

        public PostServer()
        {
            Url = $"http://127.0.0.1:{MailServer.FreePort()}/hook/";
            _listener.Prefixes.Add(Url);
            _listener.Start();
            _ = ServeAsync();
        }

        public string Url { get; }

        public List<string> Posts { get; } = [];

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var call = await _listener.GetContextAsync();
                    Posts.Add(await new StreamReader(call.Request.InputStream).ReadToEndAsync());
                    call.Response.Close();
                }
            }
            catch (Exception over) when (over is HttpListenerException or ObjectDisposedException)
            {
            }
        }
    }
}
