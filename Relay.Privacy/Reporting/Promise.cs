namespace Relay.Privacy.Reporting;

/// <summary>One thing that has to hold all the time: kept until something breaks it, and only then proved when something could have.</summary>
internal sealed class Promise(string text)
{
    private readonly List<string> _broken = [];

    public string Text { get; } = text;

    /// <summary>What was seen that proves it.</summary>
    public string Seen { get; set; } = string.Empty;

    public IReadOnlyList<string> Broken => _broken;

    /// <summary>How often it was put to the test.</summary>
    public int Tried { get; private set; }

    public bool Holds => _broken.Count == 0 && Tried > 0;

    public void Judge(bool holds, string otherwise)
    {
        Tried++;
        if (!holds)
        {
            _broken.Add(otherwise);
        }
    }

    public override string ToString() => Text;
}
