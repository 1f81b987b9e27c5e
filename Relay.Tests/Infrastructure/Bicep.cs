using System.Diagnostics;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Tests.Support;

namespace Relay.Tests.Infrastructure;

/// <summary>The Bicep compiler, restored with this project, on copies of <c>infra/</c>: it needs no network and no Azure.</summary>
internal static class Bicep
{
    private const string Subscription = "00000000-0000-0000-0000-000000000000";

    private static readonly string Program = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Bicep").Value ?? "";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Lazy<IReadOnlyDictionary<string, string>> AllSnapshots = new(() => Foretell(Regions));

    private static readonly Lazy<IReadOnlyDictionary<string, string>> AllVariants = new(() => Foretell(Variants));

    public static string Folder { get; } = Path.Combine(Repository.Root, "infra");

    public static IEnumerable<string> Regions => Directory.EnumerateFiles(Path.Combine(Folder, "parameters"), "*.bicepparam").Select(file => Path.GetFileNameWithoutExtension(file)).Order();

    /// <summary>What a deployment would make, by region, as the compiler foretells it from the files as they are.</summary>
    public static IReadOnlyDictionary<string, string> Snapshots => AllSnapshots.Value;

    /// <summary>Parameters that no region has, each for branches of the templates that no region takes: in <c>Variants</c>, beside the tests.</summary>
    public static IEnumerable<string> Variants => Directory.EnumerateFiles(VariantFolder, "*.bicepparam").Select(file => Path.GetFileNameWithoutExtension(file)).Order();

    private static string VariantFolder { get; } = Path.Combine(Repository.Root, "Relay.Tests", "Infrastructure", "Variants");

    public static JsonArray Resources(string region) => (JsonNode.Parse(Snapshots.GetValueOrDefault(region) ?? AllVariants.Value[region])?["predictedResources"] as JsonArray) ?? [];

    /// <summary>A copy that a test may spoil, with the variants beside the regions.</summary>
    public static string Copy()
    {
        string copy = Directory.CreateTempSubdirectory("relay-infra-").FullName;
        Directory.CreateDirectory(Path.Combine(copy, "parameters"));
        foreach (string variant in Variants)
        {
            File.Copy(Path.Combine(VariantFolder, $"{variant}.bicepparam"), Path.Combine(copy, "parameters", $"{variant}.bicepparam"));
        }

        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? copy);
            File.Copy(file, target);
        }

        return copy;
    }

    /// <summary>Everything the compiler has to say of a file: a misspelt property is only a warning, so any line counts.</summary>
    public static string[] Complaints(string folder, params string[] arguments)
    {
        (int exit, string output) = Run(folder, arguments);
        string[] lines = [.. output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return exit == 0 || lines.Length > 0 ? lines : [$"bicep {arguments[0]} ended with {exit}"];
    }

    private static Dictionary<string, string> Foretell(IEnumerable<string> names)
    {
        string copy = Copy();
        try
        {
            return names.ToDictionary(name => name, name =>
            {
                (int exit, string output) = Run(
                    copy, "snapshot", $"parameters/{name}.bicepparam", "--mode", "overwrite", "--subscription-id", Subscription,
                    "--resource-group", $"relay-{name}", "--location", name, "--deployment-name", "relay");
                return exit == 0 ? Ordered(File.ReadAllText(Path.Combine(copy, "parameters", $"{name}.snapshot.json"))) : throw new InvalidOperationException(output);
            });
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>The compiler writes outputs in an order of its own each time.</summary>
    private static string Ordered(string snapshot)
    {
        JsonObject all = JsonNode.Parse(snapshot)?.AsObject() ?? [];
        all["outputs"] = new JsonObject((all["outputs"]?.AsObject() ?? []).OrderBy(output => output.Key, StringComparer.Ordinal).Select(output => KeyValuePair.Create(output.Key, output.Value?.DeepClone())));
        return all.ToJsonString(Indented) + "\n";
    }

    private static (int Exit, string Output) Run(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new(Program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("bicep did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors + output.GetAwaiter().GetResult());
    }
}
