namespace Relay.Fuzz.Mutating;

/// <summary>What clients send that no document speaks of.</summary>
internal static class Oddities
{
    internal static IReadOnlyList<string> Texts { get; } =
    [
        "", " ", "0", "-1", "1e999", "null", "true", "[]", "{}", "NaN", "%", "%00", "%zz", "..", "../..", "//", "\0", "\u007f", "\u00e9", "\u00ff\u00fe", "%F0%9F%98%80", "%ED%A0%80", "%C0%80",
        "99999999999999999999", "9999999999999999999999999999999999999999", "18446744073709551616", "-9223372036854775808", "2147483648", "0x10", "1.5", "+1", "01",
        "'; DROP TABLE x;--", "<script>", "${jndi:ldap://x}", "{{7*7}}", "a,b,c", "a&b=c", "a=b", "#", "?", ";", "\\", "/", ":", "|", "id,id,id{id{id{id}}}", "id{", "{id}", ",,,", ".limit(5)",
        new string('a', 300), new string('9', 21), new string('9', 400), new string('(', 200), string.Concat(Enumerable.Repeat("a{", 100)), new string('\u00e9', 200), new string('A', 6_000),
    ];

    internal static IReadOnlyList<string> Methods { get; } = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", "Post", "SEARCH", "X"];

    internal static IReadOnlyList<string> Parameters { get; } =
    [
        "limit", "after", "before", "fields", "since", "until", "access_token", "wait", "message_id", "status_filter", "type", "messaging_product", "phone_number_id", "metadata", "summary", "to", "text", "body", "name",
        "hsm_id", "status", "language", "category", "debug", "pretty", "method", "format", "appsecret_proof", "input_token", "grant_type", "client_id", "client_secret", "prefix", "start", "end", "granularity", "code",
    ];

    internal static IReadOnlyList<string> ContentTypes { get; } =
    [
        "", "application/json", "application/json; charset=utf-16", "application/json; charset=x", "application/json;;;", "application/vnd.api+json", "text/plain", "text/json", "APPLICATION/JSON", "application/xml", "*/*",
        "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=latin1", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "multipart/form-data; boundary=\"x",
        "multipart/form-data; boundary=" + new string('b', 300), "multipart/mixed; boundary=x", "application/octet-stream", "image/jpeg", "application/", "/", ";", "\u00e9",
    ];

    internal static IReadOnlyList<(string Name, string Value)> Headers { get; } =
    [
        ("Content-Encoding", "gzip"), ("Content-Encoding", "deflate, gzip"), ("Content-Encoding", "x"), ("Accept", "text/html"), ("Accept", ""), ("Accept-Encoding", "gzip, br"), ("Accept-Language", "\u00e9"),
        ("Idempotency-Key", ""), ("Idempotency-Key", "a"), ("Idempotency-Key", new string('k', 255)), ("Idempotency-Key", new string('k', 256)), ("Idempotency-Key", "\u00e9"), ("Idempotency-Key", "a b"),
        ("Range", "bytes=0-0"), ("Range", "bytes=9-1"), ("Range", "bytes=-1,0-,5-6"), ("If-None-Match", "*"), ("If-Modified-Since", "x"), ("Expect", "100-continue"), ("Connection", "close"), ("Connection", "upgrade"),
        ("Upgrade", "h2c"), ("X-HTTP-Method-Override", "DELETE"), ("X-Forwarded-For", "::1"), ("X-Forwarded-Host", "x"), ("X-Forwarded-Proto", "x"), ("X-Original-URL", "/relay/v1/admin/audit"), ("Cookie", new string('c', 3_000)),
        ("Origin", "null"), ("Referer", "\u0001"), ("traceparent", "00-x"), ("tracestate", "x"), ("Content-Disposition", "x"), ("Content-Language", "x"), ("User-Agent", ""), ("X", new string('x', 9_000)), ("X-Hub-Signature-256", "x"),
    ];

    internal static IReadOnlyList<string> Authorizations { get; } =
    [
        "", "Bearer", "Bearer ", "Bearer x", "bearer  x", "Basic", "Basic x", "Basic Og==", "Basic " + "AAAA", "Digest x", "Bearer " + new string('t', 5_000), "Bearer rly_live_", "Bearer rly_live_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Bearer \u00e9", "OAuth x",
    ];

    /// <summary>JSON that no member wants.</summary>
    internal static IReadOnlyList<string> Json { get; } =
    [
        "null", "true", "false", "0", "-0", "-1", "1e400", "1E-400", "0.1", "99999999999999999999", "9223372036854775807", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udfff\\ud800\"", "\"\\u202e\"", "\"\u00ff\"", "[]", "{}", "[null]", "[[]]",
        "{\"\":\"\"}", "{\"a\":{\"a\":{\"a\":{}}}}", "\"true\"", "\"1\"", "\"AAAA\"", "\"====\"", "\"2026-11-26T00:00:00Z\"", "\"whatsapp\"", "\"individual\"", "\"http://127.0.0.1:1/\"", "\"https://[::1]/\"", "\"file:///etc/passwd\"",
        "\"" + new string('a', 5_000) + "\"", "[" + string.Join(',', Enumerable.Repeat("1", 500)) + "]", string.Concat(Enumerable.Repeat("[", 30)) + string.Concat(Enumerable.Repeat("]", 30)),
        string.Concat(Enumerable.Repeat("{\"a\":", 18)) + "1" + string.Concat(Enumerable.Repeat("}", 18)),
    ];

    internal static IReadOnlyList<string> Members { get; } =
    [
        "messaging_product", "recipient_type", "to", "recipient", "type", "text", "body", "preview_url", "context", "message_id", "image", "id", "link", "caption", "filename", "interactive", "action", "buttons", "sections", "rows", "header", "footer",
        "template", "name", "language", "code", "components", "parameters", "reaction", "emoji", "location", "latitude", "longitude", "contacts", "phones", "status", "typing_indicator", "biz_opaque_callback_data", "recipient_identity_key_hash",
    ];
}
