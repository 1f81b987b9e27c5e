using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Functions.Http;

internal readonly record struct FormField(string Name, string Value)
{
    /// <summary>Not the value.</summary>
    public override string ToString() => nameof(FormField);
}

/// <summary>Takes forms and queries apart: at most 64 fields, UTF-8, no files. The caller has bounded the bytes.</summary>
internal static class FormFields
{
    private const int MaxFields = 64;
    private const int MaxPartHeaders = 8;
    private const int MaxPartHeaderBytes = 2 * 1024;
    private const int MaxBoundary = 70;
    private const string AccessToken = "access_token";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The query's parameters except the access token; those beyond the bound are not seen.</summary>
    internal static List<FormField> ReadQuery(HttpRequest request) => Split(request.QueryString.Value).Take(MaxFields).ToList();

    internal static Result<List<FormField>, GraphError> ReadUrlEncoded(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return Invalid("The form is not valid UTF-8.");
        }

        string text = Strict.GetString(body.Span);
        if (text.AsSpan().TrimStart().StartsWith("{"))
        {
            return Invalid("The request body looks like JSON but its Content-Type says form: set Content-Type: application/json.");
        }

        List<FormField> fields = Split(text).Take(MaxFields + 1).ToList();
        return fields.Count <= MaxFields ? fields : TooMany;
    }

    internal static async Task<Result<List<FormField>, GraphError>> ReadMultipartAsync(
        ReadOnlyMemory<byte> body, string? boundary, CancellationToken cancellationToken)
    {
        string? delimiter = HeaderUtilities.RemoveQuotes(boundary).Value;
        if (delimiter is null or { Length: 0 or > MaxBoundary })
        {
            return Invalid($"multipart/form-data needs a boundary of 1 to {MaxBoundary} characters.");
        }

        using MemoryStream stream = new(body.ToArray(), writable: false);
        MultipartReader reader = new(delimiter, stream) { HeadersCountLimit = MaxPartHeaders, HeadersLengthLimit = MaxPartHeaderBytes };
        List<FormField> fields = [];
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (fields.Count == MaxFields)
                {
                    return TooMany;
                }

                if (section.GetContentDispositionHeader() is not { } disposition || !disposition.IsFormDisposition())
                {
                    return Invalid("Each part of the form must be a field with a name; files are not accepted here.");
                }

                using MemoryStream value = new();
                await section.Body.CopyToAsync(value, cancellationToken);
                string name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
                fields.Add(new FormField(name, Strict.GetString(value.GetBuffer(), 0, (int)value.Length)));
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return Invalid("The request body is not well-formed multipart/form-data.");
        }
        catch (DecoderFallbackException)
        {
            return Invalid("The form is not valid UTF-8.");
        }

        return fields;
    }

    private static IEnumerable<FormField> Split(string? text)
    {
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(text))
        {
            string name = pair.DecodeName().ToString();
            if (name != AccessToken)
            {
                yield return new FormField(name, pair.DecodeValue().ToString());
            }
        }
    }

    private static GraphError TooMany => Invalid($"The form has more than {MaxFields} fields.");

    private static GraphError Invalid(string details) => GraphErrorCode.InvalidParameter.Because(details);
}
