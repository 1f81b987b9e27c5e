using System.Diagnostics;

namespace Relay.LocalHost.Demonstration;

/// <summary>What the demo prints: numbered steps, facts under them, a last line.</summary>
internal sealed class Screen(TextWriter writer)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private int _step;

    public void Step(string title)
    {
        writer.WriteLine();
        writer.WriteLine($"{++_step}. {title}");
    }

    public void Fact(string name, string value) => writer.WriteLine($"   {name,-22} {value}");

    public void Line(string text) => writer.WriteLine("   " + text);

    public void Done(string text) => writer.WriteLine($"\n{text} ({Stopwatch.GetElapsedTime(_began).TotalSeconds:F1} s)");

    public void Failed(string text) => writer.WriteLine($"\nThe demo FAILED: {text}");

    /// <summary>A long value, cut in the middle.</summary>
    public static string Short(string value, int length = 96) =>
        value.Length <= length ? value : $"{value[..(length - 24)]} … ({value.Length} characters)";
}
