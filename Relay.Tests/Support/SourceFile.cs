namespace Relay.Tests.Support;

/// <summary>A file of the checkout as conventions read it. What isn't committed (build output, packages) isn't there.</summary>
internal sealed record SourceFile(string Path, string[] Lines)
{
    private static readonly string[] Skipped = [".git", ".relay", ".vs", ".idea", "artifacts", "bin", "obj", "node_modules", "TestResults"];

    /// <summary>The C# files of the whole checkout.</summary>
    public static IReadOnlyList<SourceFile> CSharp { get; } = [.. All("*.cs")];

    /// <summary>The C# files below a folder, such as <c>Relay.Shared/Signal</c>.</summary>
    public static IEnumerable<SourceFile> Under(string folder) => CSharp.Where(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> All(string pattern) =>
        from path in Files(new DirectoryInfo(Repository.Root), pattern)
        orderby path
        select new SourceFile(System.IO.Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'), File.ReadAllLines(path));

    /// <summary>The namespaces it imports, also static ones and those behind an alias.</summary>
    public IEnumerable<string> Usings() =>
        from line in Lines
        where line.StartsWith("using ", StringComparison.Ordinal) || line.StartsWith("global using ", StringComparison.Ordinal)
        where line.EndsWith(';') && !line.Contains('(', StringComparison.Ordinal)
        select line.TrimEnd(';').Split(' ')[^1];

    /// <summary>Its lines without comments.</summary>
    public IEnumerable<string> Code() =>
        from line in Lines
        let comment = line.IndexOf("//", StringComparison.Ordinal)
        select comment < 0 || line.Contains("://", StringComparison.Ordinal) ? line : line[..comment];

    private static IEnumerable<string> Files(DirectoryInfo folder, string pattern) =>
        folder.EnumerateFiles(pattern).Select(file => file.FullName)
            .Concat(folder.EnumerateDirectories().Where(child => !Skipped.Contains(child.Name)).SelectMany(child => Files(child, pattern)));
}
