using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Relay.LocalHost;
using Relay.Tests.Infrastructure;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Compliance;

/// <summary>The commands that operators are shown, as far as they can be checked without Azure: they parse, and everything that they name exists.</summary>
public sealed partial class CommandTests
{
    private const string Deploy = "docs/deploy.md";

    private static readonly string Main = File.ReadAllText(Path.Combine(Bicep.Folder, "main.bicep"));

    private static readonly FunctionCatalog Catalog = FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes());

    public static TheoryData<string> Documents => [Deploy, "docs/operations.md", "README.md"];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_block_parses(string document)
    {
        string[] blocks = [.. Blocks(document)];
        Assert.NotEmpty(blocks);
        Findings.None(blocks.SelectMany(Syntax));
    }

    [Fact]
    public void A_block_that_does_not_parse_is_found() => Assert.NotEmpty(Syntax("for APP in a b; do echo $APP"));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Everything_that_is_named_exists(string document) => Findings.None(Wrong(string.Concat(Blocks(document)), Prose(document)));

    [Theory]
    [InlineData("curl $(out relayAdress)")]
    [InlineData("REGION=nowhere\naz deployment group create --parameters infra/parameters/$REGION.bicepparam")]
    [InlineData("az deployment group create --parameters vaultAdresses='[]'")]
    [InlineData("curl \"$(out relayAddress)/relay/v1/wellness\"")]
    [InlineData("curl \"$(out managerAddress)/relay/v1/admin/businesses\" -X PATCH")]
    [InlineData("az keyvault secret set --vault-name $(out relayVault) --name admin-token --value x")]
    [InlineData("./relay fly")]
    [InlineData("dotnet publish Relay.Nothing -c Release")]
    public void What_does_not_exist_is_found(string block) => Assert.NotEmpty(Wrong(block, ""));

    /// <summary>A setting that refers to a secret which nobody puts in would stop the start.</summary>
    [Fact]
    public void Every_secret_that_a_setting_refers_to_is_put_in()
    {
        string deploy = string.Concat(Blocks(Deploy));
        Findings.None(Secrets().Where(secret => !Put(deploy).Contains(secret)).Select(secret => $"{secret.Vault}: {secret.Name}"));
    }

    [Fact]
    public void Every_app_gets_its_package() =>
        Findings.None(StampCatalog.Apps.Where(app => !Regex.IsMatch(string.Concat(Blocks(Deploy)), $@"for APP in [^\n]*\$\(out {app}App\)")));

    private static IEnumerable<string> Wrong(string block, string prose)
    {
        string[] outputs = [.. Regex.Matches(Main, @"^output (\w+) ", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        string[] parameters = [.. Regex.Matches(Main, @"^param (\w+) ", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        string[] commands = [.. Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, "relay")), @"^  \./relay (\S+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        string region = Regex.Match(block + string.Concat(Blocks(Deploy)), @"REGION=(\S+)").Groups[1].Value;
        IEnumerable<string> files = Regex.Matches(block, @"infra/[\w./$-]+").Select(match => match.Value.Replace("$REGION", region, StringComparison.Ordinal));
        return
        [
            .. Regex.Matches(block + prose, @"\$\(out (\w+)\)").Select(match => match.Groups[1].Value).Except(outputs).Select(name => $"no output {name}"),
            .. files.Where(file => !File.Exists(Path.Combine(Repository.Root, file)) && !Directory.Exists(Path.Combine(Repository.Root, file))).Select(file => $"no file {file}"),
            .. Regex.Matches(block, @"--parameters [^\n]*").SelectMany(line => Regex.Matches(line.Value, @"(?<= )(\w+)=")).Select(match => match.Groups[1].Value).Except(parameters).Select(name => $"no parameter {name}"),
            .. Regex.Matches(block + prose, @"\./relay ([a-z-]+)").Select(match => match.Groups[1].Value).Except(commands).Select(name => $"no command {name}"),
            .. Regex.Matches(block, @"dotnet \w+ (Relay\.\w+)").Select(match => match.Groups[1].Value).Where(name => !Directory.Exists(Path.Combine(Repository.Root, name))).Select(name => $"no project {name}"),
            .. Put(block).Where(put => !Secrets().Contains(put)).Select(put => $"{put.Vault} needs no {put.Name}"),
            .. Requests(block).Where(call => !Answers(call.Verb, call.Path)).Select(call => $"no route {call.Verb} {call.Path}"),
        ];
    }

    private static IEnumerable<(string Verb, string Path)> Requests(string block) =>
        from line in block.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
        where line.Contains("curl", StringComparison.Ordinal)
        let path = Address().Match(line)
        where path.Success
        let verb = Regex.Match(line, @"-X ([A-Z]+)") is { Success: true } said ? said.Groups[1].Value : Regex.IsMatch(line, " (-d|--data|-F)[ =]") ? "POST" : "GET"
        select (verb, path.Groups[1].Value);

    private static bool Answers(string verb, string path)
    {
        string[] parts = path.Trim('/').Split('?')[0].Split('/');
        return Catalog.Http.Where(function => function.Verbs.Contains(verb, StringComparer.OrdinalIgnoreCase)).Select(function => function.Route.Split('/')).Any(route =>
            route.Length == parts.Length && !route[^1].Contains('*', StringComparison.Ordinal) && (route[0] == parts[0] || parts[0] is not ("relay" or "transport")) && route.Zip(parts).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second));
    }

    private static HashSet<(string Vault, string Name)> Secrets() => Regex.Matches(Main, @"\$\{vaultAddress\.(\w+)\}secrets/([\w-]+)").Select(match => (Vault: match.Groups[1].Value + "Vault", Name: match.Groups[2].Value)).ToHashSet();

    private static HashSet<(string Vault, string Name)> Put(string block) =>
        Regex.Matches(block, @"secret set --vault-name \$\(out (\w+)\) --name ([\w-]+)").Select(match => (Vault: match.Groups[1].Value, Name: match.Groups[2].Value)).ToHashSet();

    private static IEnumerable<string> Blocks(string document) =>
        Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).Select(match => match.Groups[1].Value);

    private static string Prose(string document) =>
        string.Concat(Regex.Matches(Block().Replace(File.ReadAllText(Path.Combine(Repository.Root, document)), ""), "`([^`\n]+)`").Select(match => match.Groups[1].Value + "\n"));

    private static IEnumerable<string> Syntax(string block)
    {
        ProcessStartInfo start = new("bash", ["-n"]) { RedirectStandardInput = true, RedirectStandardError = true };
        using Process bash = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        bash.StandardInput.Write(block);
        bash.StandardInput.Close();
        string errors = bash.StandardError.ReadToEnd();
        bash.WaitForExit();
        return errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex("```(?:sh|bash)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\$\(out \w+Address\)(/[^\s""']*)")]
    private static partial Regex Address();
}
