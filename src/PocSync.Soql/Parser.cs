using System.Globalization;

namespace PocSync.Soql;

/// <summary>Reads SOQL by recursive descent. Nesting is bounded, so no text can exhaust the stack.</summary>
internal sealed partial class Parser
{
    public const int LongestSoql = 100_000;
    private const int DeepestNesting = 200;

    private readonly string text;
    private Token token;
    private int depth;

    private Parser(string text, string what)
    {
        this.text = text;
        if (text.Length > LongestSoql)
            throw new SoqlException(text, LongestSoql, $"{what} can have at most 100,000 characters; this one has {text.Length.ToString("N0", CultureInfo.InvariantCulture)}");
        token = Lexer.Next(text, 0);
    }

    private void Advance() => token = Lexer.Next(text, token.End);

    private Token Peek() => Lexer.Next(text, token.End);

    private bool IsName(Token at, string name) =>
        at.Kind == TokenKind.Name && text.AsSpan(at.Offset, at.Length).Equals(name, StringComparison.OrdinalIgnoreCase);

    private bool At(string name) => IsName(token, name);

    private bool IsSymbol(Token at, string symbol) => at.Kind == TokenKind.Symbol && text.AsSpan(at.Offset, at.Length).SequenceEqual(symbol);

    private bool AtSymbol(string symbol) => IsSymbol(token, symbol);

    private bool Take(string name)
    {
        if (!At(name))
            return false;
        Advance();
        return true;
    }

    private bool TakeSymbol(string symbol)
    {
        if (!AtSymbol(symbol))
            return false;
        Advance();
        return true;
    }

    private void ExpectSymbol(string symbol, string expected)
    {
        if (!TakeSymbol(symbol))
            throw Unexpected(expected);
    }

    private string Slice(Token of) => text.Substring(of.Offset, of.Length);

    private SoqlException Error(int offset, string problem, OrgAnswer? answer = null) => new(text, offset, problem, answer);

    private SoqlException Unexpected(string expected) => Error(token.Offset, $"expected {expected}, found {Lexer.Describe(text, token)}",
        token.Kind == TokenKind.Other && Slice(token) != "*" ? OrgAnswer.AtCharacter(text, token.Offset, $"no viable alternative at character '{Slice(token)}'")
            : new($"unexpected token: '{(token.Kind == TokenKind.End ? "<EOF>" : Slice(token))}'"));

    private void Enter()
    {
        if (++depth > DeepestNesting)
            throw Error(token.Offset, $"parentheses and NOT can be nested at most {DeepestNesting} deep");
    }

    private void Leave() => depth--;
}
