namespace Savepoint.Quality;

/// <summary>What stands before a member's body: modifiers, types, name, parameters. Grows while the member is read.</summary>
internal sealed class MemberHeader(SourceCode code, int start)
{
    private bool _isOperator;

    /// <summary>Where it begins, behind attributes.</summary>
    public int Start { get; set; } = start;

    /// <summary>The parenthesis that begins the parameters; null as long as none was met.</summary>
    public int? ParametersAt { get; private set; }

    /// <summary>The function's name; null as long as no parameters were met.</summary>
    public string? Name { get; private set; }

    public bool IsNamespace => code.IsWord(Start) && (code[Start].Text is "namespace" or "module" || (code.Is(Start, "inline") && code.Is(Start + 1, "namespace")) || (code.Is(Start, "extern") && code[Start + 1].Kind == TokenKind.Text && ParametersAt is null));

    public bool IsEnum => code.Is(Kind, "enum") || (code.Language == CodeLanguage.C && code.Is(Start, "enum"));

    /// <summary>The name of the type that it begins, empty for one without; null if it begins none.</summary>
    public string? TypeName
    {
        get
        {
            var kind = Kind;
            if (!code.IsWord(kind) || (!Keywords.Types.Contains(code[kind].Text) && !code.Is(kind, "enum")))
            {
                return null;
            }

            // In C a function may return a struct; in C# and Java a record has parameters.
            if (code.Language == CodeLanguage.C && ParametersAt is not null)
            {
                return null;
            }

            var name = kind + 1;
            while (code.Is(name, "class") || code.Is(name, "struct"))
            {
                name++;
            }

            if (code[kind].Text == "record" && !code.IsWord(name))
            {
                return null; // a method that is called so
            }

            return code.IsWord(name) ? code[name].Text : "";
        }
    }

    /// <summary>The name of a property or event: the last word before its body, <c>this</c> for an indexer.</summary>
    public string? PropertyName
    {
        get
        {
            string? name = null;
            for (var at = Start; at < code.Count && !code.Is(at, "{") && !code.Is(at, "=>"); at = code.Behind(at))
            {
                name = code.IsWord(at) ? code[at].Text : name;
            }

            return name is null || Keywords.Control.Contains(name) ? null : name;
        }
    }

    /// <summary>Where the word is that says what it is, behind modifiers and annotations.</summary>
    private int Kind
    {
        get
        {
            var at = Start;
            while (at < code.Count)
            {
                if (code.IsWord(at) && (Keywords.Modifiers.Contains(code[at].Text) || code[at].Text is ['@', ..] and not "@interface"))
                {
                    at++;
                }
                else if (code.Is(at, "template") && code.Is(at + 1, "<"))
                {
                    at = (code.EndOfAngles(at + 1) ?? at + 1) + 1;
                }
                else if (code.Is(at, "(") || code.Is(at, "[") || code.Is(at, "-"))
                {
                    at = code.Behind(at); // an annotation's arguments, an attribute, non-sealed
                }
                else
                {
                    break;
                }
            }

            return at;
        }
    }

    /// <summary>Looks at a parenthesis: the first that a name stands before begins the parameters.</summary>
    public void Parameters(int at)
    {
        if (ParametersAt is not null || at == Start)
        {
            return;
        }

        var before = code[at - 1];
        if (before.Is("operator"))
        {
            return; // operator(), whose parameters come next
        }

        _isOperator = HasOperator(at);
        if (_isOperator)
        {
            (ParametersAt, Name) = (at, $"operator {before.Text}");
            return;
        }

        var named = before.Is(">") ? BeforeAngles(at - 1) : at - 1;
        if (!code.IsWord(named) || Keywords.Control.Contains(code[named].Text) || Keywords.Modifiers.Contains(code[named].Text) || code[named].Text is ['@', ..])
        {
            return;
        }

        ParametersAt = at;
        Name = code.Is(named - 1, "~") ? $"~{code[named].Text}"
            : code.Is(named - 1, "::") && code.IsWord(named - 2) ? $"{code[named - 2].Text}.{code[named].Text}"
            : code[named].Text;
    }

    /// <summary>Whether a brace is a value in a constructor's list of initializers, and not its body.</summary>
    public bool IsInitializerBrace(int at)
    {
        if (code.Language != CodeLanguage.C || ParametersAt is not { } parameters || !(code[at - 1].IsWord || code.Is(at - 1, ">")))
        {
            return false;
        }

        for (var i = code.MatchOf(parameters) + 1; i < at; i = code.Behind(i))
        {
            if (code.Is(i, ":"))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasOperator(int parenthesis)
    {
        for (var at = parenthesis - 1; at > Start && at > parenthesis - 4; at--)
        {
            if (code.Is(at, "operator"))
            {
                return true;
            }
        }

        return false;
    }

    private int BeforeAngles(int close)
    {
        var depth = 0;
        for (var at = close; at >= Start; at--)
        {
            depth += code.Is(at, ">") ? 1 : code.Is(at, "<") ? -1 : 0;
            if (depth == 0)
            {
                return at - 1;
            }
        }

        return -1;
    }
}
