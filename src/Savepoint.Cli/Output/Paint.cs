namespace Savepoint.Cli.Output;

/// <summary>Colours by meaning; plain text where colour is not wanted.</summary>
internal readonly struct Paint(bool isOn)
{
    public bool IsOn => isOn;

    public string Number(string text) => Wrap(text, "1;35");

    public string Head(string text) => Wrap(text, "1;32");

    public string Label(string text) => Wrap(text, "1;33");

    public string Actor(string text) => Wrap(text, "36");

    public string Dim(string text) => Wrap(text, "2");

    public string Added(string text) => Wrap(text, "32");

    public string Deleted(string text) => Wrap(text, "31");

    public string Changed(string text) => Wrap(text, "33");

    public string Bold(string text) => Wrap(text, "1");

    public string Hunk(string text) => Wrap(text, "36");

    private string Wrap(string text, string code) => isOn && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
