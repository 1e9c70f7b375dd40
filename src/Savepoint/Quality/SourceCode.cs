namespace Savepoint.Quality;

/// <summary>A file as tokens, with the bracket that belongs to each bracket. Immutable.</summary>
internal sealed class SourceCode
{
    private readonly int[] _matches;

    public SourceCode(string text, CodeLanguage language)
    {
        Language = language;
        Tokens = Tokenizer.Tokenize(text, language);
        _matches = Match(Tokens);
    }

    public CodeLanguage Language { get; }

    public List<Token> Tokens { get; }

    public int Count => Tokens.Count;

    public Token this[int index] => Tokens[index];

    /// <summary>Whether there is such a token there; false outside the file.</summary>
    public bool Is(int index, string text) => index >= 0 && index < Tokens.Count && Tokens[index].Is(text);

    public bool IsWord(int index) => index >= 0 && index < Tokens.Count && Tokens[index].IsWord;

    /// <summary>The index of the bracket that closes or opens what the one at <paramref name="index"/> opens or closes; the end of the file, or its own index, if there is none.</summary>
    public int MatchOf(int index) => _matches[index];

    /// <summary>The index behind what begins here: behind a bracket's end, or the next.</summary>
    public int Behind(int index) => Tokens[index] is { Kind: TokenKind.Symbol, Text: "(" or "[" or "{" } ? _matches[index] + 1 : index + 1;

    /// <summary>Where the angle brackets that begin at <paramref name="index"/> end, if what is between them may be types; null if they are comparisons.</summary>
    public int? EndOfAngles(int index)
    {
        var depth = 0;
        var hasDefaults = Is(index - 1, "template");
        for (var i = index; i < Tokens.Count && i - index < 200; i = Behind(i))
        {
            switch (Tokens[i])
            {
                case { Kind: TokenKind.Symbol, Text: "=" } when hasDefaults:
                    break;
                case { Kind: TokenKind.Symbol, Text: "<" }:
                    depth++;
                    break;
                case { Kind: TokenKind.Symbol, Text: ">" } when --depth == 0:
                    return i;
                case { Kind: TokenKind.Symbol, Text: ";" or "}" or ")" or "]" or "&&" or "||" or "==" or "!=" or "=" or "=>" or "+" }:
                    return null;
            }
        }

        return null;
    }

    private static int[] Match(List<Token> tokens)
    {
        var matches = new int[tokens.Count];
        var open = new Stack<int>();
        for (var i = 0; i < tokens.Count; i++)
        {
            matches[i] = i;
            if (tokens[i].Kind != TokenKind.Symbol)
            {
                continue;
            }

            switch (tokens[i].Text)
            {
                case "(" or "[" or "{":
                    matches[i] = tokens.Count - 1;
                    open.Push(i);
                    break;
                case ")" or "]" or "}" when Pair(open, tokens, tokens[i].Text) is { } begin:
                    matches[begin] = i;
                    matches[i] = begin;
                    break;
            }
        }

        return matches;
    }

    /// <summary>The bracket that is closed; one inside that nobody closed is given up.</summary>
    private static int? Pair(Stack<int> open, List<Token> tokens, string closing)
    {
        var opening = closing switch { ")" => "(", "]" => "[", _ => "{" };
        if (!open.Any(index => tokens[index].Text == opening))
        {
            return null;
        }

        while (tokens[open.Peek()].Text != opening)
        {
            open.Pop();
        }

        return open.Pop();
    }
}
