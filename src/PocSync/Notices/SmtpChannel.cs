using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Notices;

/// <summary>A mail server. Prints no secret.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port.</param>
/// <param name="From">The sender's address.</param>
/// <param name="IsEncrypted">Whether the connection is encrypted, by STARTTLS.</param>
/// <param name="User">The user to sign in as; null for nobody.</param>
/// <param name="Password">The user's password.</param>
public sealed record SmtpSettings(string Host, int Port, MailAddress From, bool IsEncrypted, string? User, string? Password)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Host = ").Append(Host);
        return true;
    }
}

/// <summary>An e-mail by a mail server, one to each receiver: plain text.</summary>
public sealed class SmtpChannel(SmtpSettings settings, TimeProvider time) : IChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Smtp;

    /// <inheritdoc/>
    public int Together => 1;

    /// <inheritdoc/>
    public Task<string?> WhyNotAsync(CancellationToken stop) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<Message> messages, CancellationToken stop) =>
        [await SendAsync(messages.Single(), stop)];

    private async Task<Delivery> SendAsync(Message message, CancellationToken stop)
    {
        // The receiver's name is left out: text of the org makes no header.
        if (message.Receiver!.Email is not { } email || !MailAddress.TryCreate(email, out var parsed) || parsed.Address != email.Trim())
        {
            return new Delivery(Fate.Refused, "the receiver has no e-mail address that can be used");
        }

        using var mail = new MailMessage(settings.From, parsed)
        {
            Subject = PlainText.Cut(message.Letter.Title, 200),
            SubjectEncoding = Encoding.UTF8,
            Body = message.Letter.Body,
            BodyEncoding = Encoding.UTF8,
            IsBodyHtml = false,
        };
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.IsEncrypted, UseDefaultCredentials = false };
        if (settings.User is not null)
        {
            client.Credentials = new NetworkCredential(settings.User, settings.Password);
        }

        // The client's own timeout does not count for what is sent asynchronously.
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            await client.SendMailAsync(mail, either.Token).WaitAsync(either.Token);
            return new Delivery(Fate.Sent);
        }
        catch (OperationCanceledException)
        {
            return new Delivery(Fate.Unknown, stop.IsCancellationRequested ? "the program was told to stop before the mail server answered"
                : string.Create(CultureInfo.InvariantCulture, $"the mail server did not answer within {Patience.TotalSeconds:0} s"));
        }
        catch (SmtpException wrong)
        {
            return Judge(wrong);
        }
    }

    /// <summary>A connection that never came to be, and a server that says no, took nothing; whatever else it is, nobody knows.</summary>
    private static Delivery Judge(SmtpException wrong)
    {
        if (wrong.StatusCode is > SmtpStatusCode.StartMailInput)
        {
            var passes = (int)wrong.StatusCode < 500 || wrong.StatusCode is SmtpStatusCode.MustIssueStartTlsFirst or SmtpStatusCode.ClientNotPermitted;
            return new Delivery(passes ? Fate.NotSent : Fate.Refused, $"the mail server answers {(int)wrong.StatusCode} ({wrong.StatusCode})");
        }

        return wrong.InnerException switch
        {
            SocketException => new Delivery(Fate.NotSent, "the mail server cannot be reached: check Notices:Smtp:Host and Notices:Smtp:Port"),
            HttpRequestException => new Delivery(Fate.NotSent, "the mail server cannot be reached: check Notices:Smtp:Host and Notices:Smtp:Port"),
            AuthenticationException => new Delivery(Fate.NotSent, "the mail server's certificate is not trusted"),
            _ => new Delivery(Fate.Unknown, "the connection to the mail server broke off"),
        };
    }
}
