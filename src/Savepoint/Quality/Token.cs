namespace Savepoint.Quality;

/// <summary>What a token is.</summary>
internal enum TokenKind : byte
{
    /// <summary>An identifier or keyword.</summary>
    Word,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A string, character or regular expression, or a piece of one between its holes.</summary>
    Text,

    /// <summary>An operator or bracket.</summary>
    Symbol,
}

/// <summary>One token of a source file. Comments and white space are none.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of literals only the first character.</param>
/// <param name="Start">Where it begins, in characters.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Line">Its line, 1-based.</param>
/// <param name="Column">Its column, 0-based; a tab is one.</param>
/// <param name="IsFirstOnLine">Whether nothing but white space stands before it on its line.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End, int Line, int Column, bool IsFirstOnLine)
{
    /// <summary>Whether it is this keyword or symbol, and no literal.</summary>
    public bool Is(string text) => Kind is TokenKind.Word or TokenKind.Symbol && Text == text;

    public bool IsWord => Kind == TokenKind.Word;

    /// <summary>Whether an expression may end with it, so that what follows is an operator.</summary>
    public bool EndsValue => Kind switch
    {
        TokenKind.Word => !Keywords.StartExpression.Contains(Text),
        TokenKind.Symbol => Text is ")" or "]" or "}" or "?",
        _ => true,
    };
}
