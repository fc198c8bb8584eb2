using PocSync.Core.Records;

namespace PocSync.Core.Tests.Records;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("Lark\u202E\u200FFoods\u061C", "LarkFoods")]
    [InlineData("\u2066Åsa\u2069 \u00ADBerg\uFEFF", "Åsa Berg")]
    [InlineData("می\u200Cخواهم 👩\u200D🌾", "می\u200Cخواهم 👩\u200D🌾")]
    [InlineData("a\tb\u001B[31m\r\nc\u2028d", "a b [31m  c d")]
    public void A_line_shows_what_is_there(string text, string line) => PlainText.Line(text).ShouldBe(line);

    [Fact]
    public void Lines_stay_lines() => PlainText.Lines("one\r\n\ttwo\u2029thr\u202Eee\u0007").ShouldBe("one\r\n\ttwo\nthree ");
}
