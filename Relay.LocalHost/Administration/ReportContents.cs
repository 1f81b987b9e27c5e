using System.Text.Json.Nodes;

namespace Relay.LocalHost.Administration;

/// <summary>Opens, in this process alone, what users attached to the reports of an answer.</summary>
internal static class ReportContents
{
    private const string Sealed = "sealed_content";

    /// <summary>Each report gets <c>content</c> and <c>state</c>: <c>opened</c>, <c>sealed</c> (for none of the keys given) or <c>changed</c> (in the transport's table, by somebody else).</summary>
    internal static void Open(JsonObject answer, IReadOnlyList<ReportKeyFile> keys)
    {
        foreach (JsonObject report in (answer["data"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (report[Sealed]?.ToString() is not { } text)
            {
                report["state"] = "changed";
                continue;
            }

            byte[] box = new byte[text.Length];
            string? content = Convert.TryFromBase64String(text, box, out int size) ? keys.Select(key => key.Open(box[..size])).FirstOrDefault(one => one is not null) : null;
            report["state"] = content is null ? "sealed" : "opened";
            if (content is not null)
            {
                report["content"] = content;
                report.Remove(Sealed);
            }
        }
    }
}
