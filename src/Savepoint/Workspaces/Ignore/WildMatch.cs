namespace Savepoint.Workspaces.Ignore;

/// <summary>
/// A glob as git's wildmatch reads it with <c>WM_PATHNAME</c>: <c>*</c>, <c>?</c> and brackets stop at a slash,
/// <c>**</c> between slashes does not. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// The glob is compiled to tokens; matching is greedy and keeps two ways back, the last <c>*</c> and the last
/// <c>**</c>. That is enough. A later <c>*</c> reaches, from the earliest end of what stands before it, each place that
/// it reaches from a later one; <c>**/</c> always follows a slash or the glob's beginning, so the same holds there. An
/// earlier way back can therefore never do better, and the time is polynomial where plain recursion takes exponential
/// time on <c>*a*a*a*b</c>: at most (slashes + 1) · text · tokens steps.
/// </para>
/// <para>
/// If case is ignored, the text must be in lower case already; the glob is folded when compiled, except for what
/// follows a backslash, as in git.
/// </para>
/// </remarks>
internal sealed class WildMatch
{
    private readonly Token[] _tokens;
    private readonly ByteSet[] _sets;

    private WildMatch(Token[] tokens, ByteSet[] sets)
    {
        _tokens = tokens;
        _sets = sets;
        FirstBytes = FindFirstBytes();
    }

    private enum Kind : byte
    {
        /// <summary>This byte.</summary>
        Byte,

        /// <summary>One byte out of a set.</summary>
        Set,

        /// <summary>Any bytes but slashes.</summary>
        Star,

        /// <summary>Any bytes: <c>**</c> at the end, or before an escaped slash.</summary>
        AnyPath,

        /// <summary>Nothing, or whole directories with their slash: <c>**/</c>.</summary>
        AnyDirectories,
    }

    /// <summary>The bytes that a matching text can begin with. Says nothing about an empty text.</summary>
    public ByteSet FirstBytes { get; }

    /// <summary>Compiles a glob.</summary>
    /// <param name="glob">Its bytes, without NUL.</param>
    /// <param name="ignoreCase">Whether ASCII letters match in either case.</param>
    /// <returns>Null if the glob can match nothing: it ends in a backslash or inside a bracket, or names an unknown class.</returns>
    public static WildMatch? Compile(ReadOnlySpan<byte> glob, bool ignoreCase)
    {
        var tokens = new List<Token>(glob.Length);
        var sets = new List<ByteSet>();
        for (var i = 0; i < glob.Length;)
        {
            var current = glob[i];
            switch (current)
            {
                case (byte)'*':
                    tokens.Add(ReadStars(glob, ref i));
                    break;
                case (byte)'?':
                    tokens.Add(new Token(Kind.Set, sets.Count));
                    sets.Add(ByteSet.NotSlash);
                    i++;
                    break;
                case (byte)'[':
                    i++;
                    if (!BracketExpression.TryRead(glob, ref i, ignoreCase, out var set))
                    {
                        return null;
                    }

                    tokens.Add(new Token(Kind.Set, sets.Count));
                    sets.Add(set);
                    break;
                case (byte)'\\' when i + 1 == glob.Length:
                    return null;
                case (byte)'\\':
                    tokens.Add(new Token(Kind.Byte, glob[i + 1]));
                    i += 2;
                    break;
                default:
                    tokens.Add(new Token(Kind.Byte, ignoreCase ? AsciiCase.ToLower(current) : current));
                    i++;
                    break;
            }
        }

        return new WildMatch([.. tokens], [.. sets]);
    }

    /// <summary>Whether the whole of <paramref name="text"/> matches. Does not allocate.</summary>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        int at = 0, token = 0;
        int star = -1, starEnd = 0;
        int deep = -1, deepEnd = 0;
        while (true)
        {
            if (token == _tokens.Length)
            {
                if (at == text.Length)
                {
                    return true;
                }
            }
            else
            {
                switch (_tokens[token].Kind)
                {
                    case Kind.Star:
                        (star, starEnd) = (token++, at);
                        continue;
                    case Kind.AnyPath when token == _tokens.Length - 1:
                        return true;
                    case Kind.AnyPath or Kind.AnyDirectories:
                        (deep, deepEnd, star) = (token++, at, -1);
                        continue;
                    default:
                        if (at < text.Length && Accepts(_tokens[token], text[at]))
                        {
                            at++;
                            token++;
                            continue;
                        }

                        break;
                }
            }

            // A dead end: the last star takes one byte more, or else the last '**' one byte or one directory more.
            if (star >= 0 && starEnd < text.Length && text[starEnd] != '/')
            {
                (at, token) = (++starEnd, star + 1);
            }
            else if (deep >= 0 && TryExtend(_tokens[deep].Kind, text, ref deepEnd))
            {
                (at, token, star) = (deepEnd, deep + 1, -1);
            }
            else
            {
                return false;
            }
        }
    }

    private static bool TryExtend(Kind kind, ReadOnlySpan<byte> text, ref int end)
    {
        if (kind == Kind.AnyPath)
        {
            return end++ < text.Length;
        }

        var slash = text[end..].IndexOf((byte)'/');
        end += slash + 1;
        return slash >= 0;
    }

    /// <summary>
    /// A run of two or more stars crosses slashes only if it fills the space between slashes (or the ends); elsewhere it
    /// is one star.
    /// </summary>
    private static Token ReadStars(ReadOnlySpan<byte> glob, ref int i)
    {
        var first = i;
        while (i < glob.Length && glob[i] == '*')
        {
            i++;
        }

        if (i - first == 1 || (first > 0 && glob[first - 1] != '/'))
        {
            return new Token(Kind.Star, 0);
        }

        if (i < glob.Length && glob[i] == '/')
        {
            i++;
            return new Token(Kind.AnyDirectories, 0);
        }

        return i == glob.Length || glob[i..].StartsWith("\\/"u8) ? new Token(Kind.AnyPath, 0) : new Token(Kind.Star, 0);
    }

    private bool Accepts(Token token, byte value) =>
        token.Kind == Kind.Byte ? token.Value == value : _sets[token.Value].Contains(value);

    private ByteSet FindFirstBytes() => _tokens switch
    {
        [] => ByteSet.None,
        [{ Kind: Kind.Byte } token, ..] => ByteSet.Of((byte)token.Value),
        [{ Kind: Kind.Set } token, ..] => _sets[token.Value],
        _ => ByteSet.All,
    };

    /// <summary>One step: its kind, and the byte or the number of the set that it accepts.</summary>
    private readonly record struct Token(Kind Kind, int Value);
}
