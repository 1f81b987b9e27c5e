using System.Text.RegularExpressions;
using System.Xml.Linq;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>Dependencies point one way, between projects and between folders of Relay.Shared (style.md §1.2, design.md §1).</summary>
public sealed class DependencyTests
{
    private const string Signal = "Relay.Shared.Signal";
    private const string Kem = Signal + ".Kem";

    private static readonly string[] RelayRole =
        ["Messaging", "Accounts", "Conversations", "Webhooks", "PreKeys", "Maintenance", "Graph", "Content", "Hosting", "Azure"];

    [Theory]
    [InlineData("Relay.Shared", "")]
    [InlineData("Relay.Functions", "Relay.Shared WorkerContracts")]
    [InlineData("Relay.LocalHost", "Relay.Functions Relay.Phone")]
    [InlineData("Relay.Phone", "Relay.Shared")]
    [InlineData("Relay.Load", "Relay.LocalHost Relay.Phone")]
    [InlineData("Relay.Benchmarks", "Relay.Load")]
    [InlineData("Relay.Privacy", "Relay.Load")]
    [InlineData("Relay.Fuzz", "Relay.Load")]
    [InlineData("Relay.Tests", "Relay.LocalHost Relay.Phone Relay.Load Relay.Benchmarks Relay.Privacy Relay.Fuzz")]
    public void A_project_references_only(string project, string allowed) =>
        Findings.None(References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Except(allowed.Split(' ')));

    [Fact]
    public void Every_project_is_judged() =>
        Findings.None(Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => path.StartsWith("Relay.", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension)
            .Except(["Relay.Shared", "Relay.Functions", "Relay.LocalHost", "Relay.Phone", "Relay.Load", "Relay.Benchmarks", "Relay.Privacy", "Relay.Fuzz", "Relay.Tests"]));

    [Fact]
    public void Shared_knows_no_host()
    {
        Findings.None(References("Relay.Shared", "FrameworkReference"));
        Findings.None(References("Relay.Shared", "PackageReference").Where(name => name.Contains("Functions", StringComparison.Ordinal) || name.Contains("AspNetCore", StringComparison.Ordinal)));
        Findings.None(Uses("Relay.Shared", name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("Microsoft.Azure", StringComparison.Ordinal)));
    }

    [Fact]
    public void Azure_is_known_under_Azure_and_Hosting_and_to_the_exporter_only() =>
        Findings.None(Production("Relay.Shared", "Relay.Functions", "Relay.LocalHost", "Relay.Phone")
            .Where(file => !file.Path.StartsWith("Relay.Shared/Azure/", StringComparison.Ordinal) && !file.Path.StartsWith("Relay.Shared/Hosting/", StringComparison.Ordinal)
                && file.Path != "Relay.Functions/Telemetry/AzureMonitorExport.cs")
            .SelectMany(file => file.Code().Where(line => Regex.IsMatch(line, @"(?<![\w.])(global::)?Azure\.(Core|Data|Identity|Monitor|Security|Storage|RequestFailed|ETag)|^using Azure;"))
                .Select(line => $"{file.Path}: {line}")));

    [Fact]
    public void The_worker_is_known_where_functions_are_declared_only() =>
        Findings.None(Uses("Relay.Functions", name => name.StartsWith("Microsoft.Azure", StringComparison.Ordinal))
            .Where(use => !use.StartsWith("Relay.Functions/Worker/", StringComparison.Ordinal) && !Regex.IsMatch(use, @"^[\w./]+Functions\.cs: Microsoft\.Azure\.Functions\.Worker$")));

    [Fact]
    public void The_phone_knows_the_relay_by_its_documents_only() =>
        Findings.None(Uses("Relay.Phone", name => name.StartsWith("Relay.", StringComparison.Ordinal)
            && !Regex.IsMatch(name, @"^Relay\.(Phone(\..+)?|Shared\.(Primitives|Content|Devices|Signal(\.(Wire|Kem))?|Transport\.(Client|Wire)))$")));

    [Fact]
    public void The_transport_knows_nothing_of_the_relay()
    {
        Findings.None(Uses("Relay.Shared/Transport", name => name.StartsWith("Relay.", StringComparison.Ordinal)
            && !Regex.IsMatch(name, @"^Relay\.Shared\.(Primitives|RoleCalls|Sealing|Storage|Telemetry|Signal(\.Kem)?|Transport(\.\w+)+)$")));

        // A name may also be written from the inside: namespace Relay.Shared.Transport sees Messaging.X without a using line.
        Regex inside = new($@"(?<![\w.])(Relay\.Shared\.)?({string.Join('|', RelayRole.Except(["PreKeys"]))})\.[A-Z]|Relay\.Shared\.PreKeys");
        Findings.None(Matches("Relay.Shared/Transport", inside));
        Findings.None(Uses("Relay.Functions/Devices", name => Regex.IsMatch(name, $@"^Relay\.Shared\.({string.Join('|', RelayRole)})(\.|$)")));
    }

    [Fact]
    public void The_transport_holds_public_keys_and_checks_signatures_and_no_more_of_Signal()
    {
        string[] forbidden = [.. typeof(PublicKey).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith(Signal, StringComparison.Ordinal) == true && !type.Name.Contains('<', StringComparison.Ordinal))
            .Select(type => type.Name).Except([nameof(PublicKey), nameof(KyberPublicKey), nameof(XEdDsa)])];
        Regex any = new($@"(?<![\w.""])({string.Join('|', forbidden.Select(Regex.Escape))})(?!\w)");

        Assert.Contains(nameof(KeyPair), forbidden);
        Findings.None(Uses("Relay.Shared/Transport", name => name.StartsWith(Signal + ".", StringComparison.Ordinal) && name != Kem));
        Findings.None(Matches("Relay.Shared/Transport", new Regex(@"(?<![\w.])(Signal|Kem)\.[A-Z]")));
        Findings.None(SourceFile.Under("Relay.Shared/Transport").Where(file => file.Usings().Contains(Signal))
            .SelectMany(file => file.Code().Where(line => any.IsMatch(Regex.Replace(line, "\"[^\"]*\"", "\"\""))).Select(line => $"{file.Path}: {line}")));
    }

    /// <summary>So that it can be taken out: see its README.</summary>
    [Fact]
    public void Signal_knows_itself_only() =>
        Findings.None(Uses("Relay.Shared/Signal", name => name.StartsWith("Relay.", StringComparison.Ordinal)
            && !Regex.IsMatch(name, @"^Relay\.Shared\.Signal(\.\w+)*$")));

    [Theory]
    [InlineData("Graph")]
    [InlineData("Content")]
    [InlineData("Primitives")]
    public void Pure_code_knows_itself_and_primitives_only(string folder) =>
        Findings.None(Uses("Relay.Shared/" + folder, name => name.StartsWith("Relay.", StringComparison.Ordinal)
            && !Regex.IsMatch(name, $@"^Relay\.Shared\.(Primitives|{folder}(\.\w+)*)$")));

    [Fact]
    public void What_relay_and_phone_share_knows_the_protocol_and_the_wire_only() =>
        Findings.None(Uses("Relay.Shared/Devices", name => name.StartsWith("Relay.", StringComparison.Ordinal)
            && !Regex.IsMatch(name, @"^Relay\.Shared\.(Primitives|Content|Signal(\.\w+)?|Transport\.Wire)$")));

    [Fact]
    public void Storage_knows_primitives_only() =>
        Findings.None(Uses("Relay.Shared/Storage", name => name.StartsWith("Relay.", StringComparison.Ordinal)
            && !Regex.IsMatch(name, @"^Relay\.Shared\.(Primitives|Storage(\.\w+)*)$")));

    private static IEnumerable<SourceFile> Production(params string[] folders) => folders.SelectMany(SourceFile.Under);

    private static IEnumerable<string> Uses(string folder, Func<string, bool> isForbidden)
    {
        List<SourceFile> files = [.. SourceFile.Under(folder)];
        Assert.NotEmpty(files);
        return files.SelectMany(file => file.Usings().Where(isForbidden).Select(name => $"{file.Path}: {name}"));
    }

    private static IEnumerable<string> Matches(string folder, Regex pattern) =>
        SourceFile.Under(folder).SelectMany(file => file.Code()
            .Where(line => !line.StartsWith("using ", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal) && pattern.IsMatch(line))
            .Select(line => $"{file.Path}: {line}"));

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, project, project + ".csproj")).Descendants(kind)
            .Select(reference => (reference.Attribute("Include")?.Value ?? "").Replace('\\', '/'));
}
