using System.Globalization;
using System.Text;

namespace PocSync.Soql;

/// <summary>Literal is what begins with a digit or a sign: a number, date, datetime or time, not yet told apart.</summary>
internal enum TokenKind { Name, Literal, Text, Symbol, Other, End }

internal readonly record struct Token(TokenKind Kind, int Offset, int Length)
{
    public int End => Offset + Length;
}

/// <summary>Cuts SOQL into tokens, one at a time.</summary>
internal static class Lexer
{
    public static Token Next(string text, int offset)
    {
        while (offset < text.Length && char.IsWhiteSpace(text[offset]))
            offset++;
        if (offset == text.Length)
            return new(TokenKind.End, offset, 0);

        var c = text[offset];
        if (char.IsAsciiLetter(c) || c == '_')
            return new(TokenKind.Name, offset, Run(text, offset, static c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        if (char.IsAsciiDigit(c) || (c is '+' or '-' && offset + 1 < text.Length && char.IsAsciiDigit(text[offset + 1])))
            return new(TokenKind.Literal, offset, Run(text, offset, static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '+' or '-'));
        if (c == '\'')
            return TextToken(text, offset);
        if (offset + 1 < text.Length && text.AsSpan(offset, 2) is "!=" or "<>" or "<=" or ">=")
            return new(TokenKind.Symbol, offset, 2);
        if (c is '(' or ')' or ',' or '.' or ':' or '=' or '<' or '>')
            return new(TokenKind.Symbol, offset, 1);
        return new(TokenKind.Other, offset, char.IsHighSurrogate(c) && offset + 1 < text.Length && char.IsLowSurrogate(text[offset + 1]) ? 2 : 1);
    }

    /// <summary>A token as a person would name it, cut to 40 characters, control characters as U+XXXX.</summary>
    public static string Describe(string text, Token token)
    {
        if (token.Kind == TokenKind.End)
            return "the end";
        var shown = new StringBuilder();
        foreach (var rune in text.AsSpan(token.Offset, Math.Min(token.Length, 40)).EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse || rune.Value == 0xFFFD)
                shown.Append(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
            else
                shown.Append(rune);
        if (token.Length > 40)
            shown.Append('…');
        return token.Kind == TokenKind.Text ? shown.ToString() : $"“{shown}”";
    }

    private static Token TextToken(string text, int offset)
    {
        for (var i = offset + 1; i < text.Length; i++)
            if (text[i] == '\\')
                i++;
            else if (text[i] == '\'')
                return new(TokenKind.Text, offset, i + 1 - offset);
        throw new SoqlException(text, offset, "the text that starts here has no closing quote",
            OrgAnswer.AtCharacter(text, text.Length, "mismatched character '<EOF>' expecting '''"));
    }

    private static int Run(string text, int offset, Func<char, bool> belongs)
    {
        var end = offset + 1;
        while (end < text.Length && belongs(text[end]))
            end++;
        return end - offset;
    }
}
