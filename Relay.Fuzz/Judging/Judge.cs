using System.Text.Json;
using Relay.Fuzz.Wire;

namespace Relay.Fuzz.Judging;

/// <summary>What no answer may be.</summary>
internal static class Judge
{
    private const string Any = "";

    /// <summary>A refused request that leaves something all the same, and why it must.</summary>
    private static readonly (string Function, string Write)[] s_allowed =
    [
        // A key of the business's, of a day or for a purpose, is made when it is first asked for: it says nothing of a request.
        (Any, "table dek Insert"),

        // What is asked of the admin API is written down before it is done, and that it was refused.
        ("Admin*", "table audit"),

        // A wrong guess is counted before it is compared.
        ("TransportVerifyRegistration", "table registrations"),
        ("RegisterPhoneNumber", "table details"),
        ("RegisterPhoneNumberUnversioned", "table details"),
        ("VerifyCode", "table details"),
        ("VerifyCodeUnversioned", "table details"),
    ];

    /// <summary>To the transport, which keeps the envelope and pushes it again: a deregistered number's.</summary>
    private const string Busy = "AcceptEnvelope";

    /// <summary>Everything that is wrong with an answer.</summary>
    internal static IEnumerable<string> Find(string function, RawAnswer? answer, IReadOnlyList<string> writes)
    {
        if (answer is null)
        {
            yield return "the connection ended without an answer";
            yield break;
        }

        if (answer.Status >= 500 && !(answer.Status == 503 && function == Busy))
        {
            yield return $"answered {answer.Status}";
        }

        if (answer.Status >= 400)
        {
            foreach (string write in writes.Distinct().Where(write => !s_allowed.Any(one => IsOf(one.Function, function) && write.StartsWith(one.Write, StringComparison.Ordinal))))
            {
                yield return $"answered {answer.Status} and stored: {write}";
            }

            if (answer is { IsJson: true, Body.Length: > 0 } && !IsError(answer.Body))
            {
                yield return $"answered {answer.Status} without an error object";
            }
        }
    }

    /// <summary>Whether what was just accepted may have ended the scene's business, number, token or device.</summary>
    internal static bool TakesGroundAway(FuzzRequest request) =>
        string.Equals(request.Method, "DELETE", StringComparison.OrdinalIgnoreCase)
        || request.Function.Contains("Register", StringComparison.OrdinalIgnoreCase)
        || request.Function.Contains("Verify", StringComparison.Ordinal);

    private static bool IsOf(string allowed, string function) =>
        allowed == function || allowed == Any || (allowed.EndsWith('*') && function.StartsWith(allowed[..^1], StringComparison.Ordinal));

    private static bool IsError(byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
