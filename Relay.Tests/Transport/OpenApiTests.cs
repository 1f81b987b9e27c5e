using System.Text.RegularExpressions;
using Relay.Functions.Devices;
using Relay.LocalHost;
using Relay.Shared.Content;
using Relay.Shared.Sealing;
using Relay.Shared.Transport.Blocks;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Transport;

/// <summary>docs/transport.openapi.yaml says what the code does, where a test can compare the two.</summary>
public sealed partial class OpenApiTests
{
    private static readonly string s_document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "transport.openapi.yaml"));

    [Fact]
    public void It_lists_exactly_the_routes_of_the_functions()
    {
        Type[] types = [.. typeof(EnvelopeFunctions).Assembly.GetTypes().Where(type => type.Namespace == typeof(EnvelopeFunctions).Namespace)];
        string[] inCode = [.. FunctionCatalog.Scan(types).Http.SelectMany(f => f.Verbs.Select(verb => $"{verb} /{f.Route}")).Order(StringComparer.Ordinal)];
        Assert.Equal(inCode, Operations().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void It_lists_exactly_the_error_codes()
    {
        string[] inCode = [.. typeof(TransportErrorCode).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal)];
        string listed = ErrorCodes().Match(s_document).Groups[1].Value;
        Assert.Equal(inCode, listed.Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Its_schemas_have_exactly_the_members_of_the_wire_records()
    {
        Type[] records =
        [
            typeof(StartRegistrationRequest), typeof(StartRegistrationResponse), typeof(VerifyRegistrationRequest), typeof(RegisterBusinessNumberRequest),
            typeof(DeviceCredentialResponse), typeof(DeviceKeys), typeof(SignedPreKeyUpload), typeof(PreKeyUpload), typeof(UploadKeysRequest),
            typeof(KeyCountResponse), typeof(DirectoryRequest), typeof(BundleResponse), typeof(IdentityResponse), typeof(SendEnvelopeRequest),
            typeof(SendEnvelopeResponse), typeof(FetchEnvelopesResponse), typeof(Envelope), typeof(AcknowledgeRequest), typeof(AcknowledgeResponse), typeof(AttachmentResponse),
            typeof(StandingResponse), typeof(ShowSignalsRequest), typeof(SetStandingRequest), typeof(ListStandingsRequest), typeof(ListStandingsResponse), typeof(ListedStanding), typeof(SignalsResponse), typeof(SignalsDay), typeof(ReachRequest), typeof(ReachResponse),
            typeof(ReportRequest), typeof(ReportResponse), typeof(ReportKeyResponse), typeof(SetReportKeyRequest), typeof(ListReportsRequest), typeof(ReportsResponse), typeof(AttachedReport),
            typeof(CloseReportRequest), typeof(CloseReportResponse), typeof(EndBusinessRequest), typeof(EndBusinessResponse), typeof(BlockRequest), typeof(BlockResponse), typeof(BlocksResponse),
        ];
        foreach (Type record in records)
        {
            string[] members = [.. record.GetProperties()
                .Select(property => property.GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonPropertyNameAttribute), false).Cast<System.Text.Json.Serialization.JsonPropertyNameAttribute>().SingleOrDefault()?.Name)
                .OfType<string>().Order(StringComparer.Ordinal)];
            Assert.True(members.SequenceEqual(SchemaMembers(record.Name).Order(StringComparer.Ordinal)), record.Name);
        }
    }

    [Fact]
    public void It_states_the_limits_that_the_code_keeps()
    {
        string[] limits =
        [
            $"at\n      most {TransportLimits.MaxBodyBytes} bytes", $"1 to {TransportLimits.MaxEnvelopeBytes} bytes", $"content over {TransportLimits.MaxEnvelopeBytes},", $"an attachment over {TransportLimits.MaxAttachmentBytes}.",
            $"about {TransportLimits.MaxAttachmentsPerDay} attachments", $"{TransportLimits.MaxAttachmentBytesPerDay >> 30} GiB a day",
            $"once {TransportLimits.MaxFetchBytes} bytes", $"maxItems: {TransportLimits.MaxPreKeysPerUpload},", $"maximum: {TransportLimits.MaxPreKeysStored} ",
            $"maximum: {TransportLimits.MaxEnvelopesPerFetch},", $"maxItems: {TransportLimits.MaxHandlesPerAcknowledgement},", $"maximum: {TransportLimits.MaxWaitSeconds},",
            $"takes {TransportLimits.MaxCodeAttempts} guesses", $"gets {TransportLimits.MaxRegistrationsPerHour} codes an hour and {TransportLimits.MaxRegistrationsPerDay} a day",
            $"lives {TransportLimits.CodeLife.TotalMinutes} minutes", $"more than {TransportLimits.PushTolerance.TotalSeconds} s", $"{Retention.Days} calendar days", $"At most {TransportLimits.MaxReportBytes} bytes", $"multiple of {TransportLimits.ReportStep} bytes", $"maxItems: {TransportLimits.MaxReportsPerPage},", $"maxItems: {UserBlockStore.MaxBlocks},",
            $"{DeviceContentCodec.MaxBytes} bytes before padding", $"at most {DeviceContentCodec.MaxDepth} levels", $"1 to {ContentReceipt.MaxIds} ids",
        ];
        Assert.All(limits, limit => Assert.Contains(limit, s_document, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Operations()
    {
        string path = "";
        bool inPaths = false;
        foreach (string line in s_document.Split('\n'))
        {
            inPaths = line.Length > 0 && !char.IsWhiteSpace(line[0]) ? line.StartsWith("paths:", StringComparison.Ordinal) : inPaths;
            path = inPaths && line.StartsWith("  /", StringComparison.Ordinal) ? line.Trim().TrimEnd(':') : path;
            if (inPaths && Verb().Match(line) is { Success: true } verb)
            {
                yield return $"{verb.Groups[1].Value.ToUpperInvariant()} {path}";
            }
        }
    }

    private static IEnumerable<string> SchemaMembers(string schema)
    {
        string[] lines = s_document.Split('\n');
        int at = Array.IndexOf(lines, $"    {schema}:");
        Assert.True(at >= 0, $"No schema {schema}.");
        return lines.Skip(at + 1)
            .TakeWhile(line => line.Length == 0 || line.StartsWith("     ", StringComparison.Ordinal))
            .Where(line => Member().IsMatch(line))
            .Select(line => line.Trim().Split(':')[0]);
    }

    [GeneratedRegex("^    (get|post|put|delete|patch):")]
    private static partial Regex Verb();

    [GeneratedRegex("^        [A-Za-z]+:")]
    private static partial Regex Member();

    [GeneratedRegex(@"code:\s*\n\s*type: string\s*\n\s*enum: \[(.*?)\]", RegexOptions.Singleline)]
    private static partial Regex ErrorCodes();
}
