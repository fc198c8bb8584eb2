using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using PocSync.Core.Records;

namespace PocSync.Cli.Report;

/// <summary>
/// A piece of HTML. <c>Html.Of($"&lt;td&gt;{name}&lt;/td&gt;")</c> encodes what is interpolated, unless it is HTML itself: text from an org cannot
/// become markup by being forgotten.
/// </summary>
internal readonly struct Html
{
    // Every letter stays as it is, so that names stay readable in the source too.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static Html Empty => default;

    public static Html Of(Template template) => new(template.ToString());

    /// <summary>Markup that is known to be markup: styles, scripts.</summary>
    public static Html Raw(string markup) => new(markup);

    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(p => p._markup)));

    public static Html Join(params IEnumerable<Html?> pieces) => new(string.Concat(pieces.Select(p => p?._markup)));

    public override string ToString() => _markup ?? "";

    [InterpolatedStringHandler]
    internal readonly struct Template(int literalLength, int holes)
    {
        private readonly StringBuilder _text = new(literalLength + 16 * holes);

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted(Html html) => _text.Append(html._markup);

        public void AppendFormatted(IEnumerable<Html> pieces)
        {
            foreach (var piece in pieces)
            {
                _text.Append(piece._markup);
            }
        }

        public void AppendFormatted(string? text) => _text.Append(Encoder.Encode(PlainText.Line(text ?? "")));

        public void AppendFormatted(int number) => AppendFormatted(number, "N0");

        public void AppendFormatted<T>(T value, string format) where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

        public override string ToString() => _text.ToString();
    }
}
