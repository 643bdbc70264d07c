using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CooperationApi.Telemetry;

/// <summary>The log entry of one request: the members of a JSON object in Production, and a line of text in other environments.</summary>
internal sealed partial record RequestLogEntry
{
    public required string Method { get; init; }

    /// <summary>The route, such as `/v1/provinces/{recordId}`; null for a path without one.</summary>
    public string? Route { get; init; }

    /// <summary>The path in percent-encoding.</summary>
    public required string Path { get; init; }

    /// <summary>The query as sent, without secrets; empty without a query.</summary>
    public required string Query { get; init; }

    public required int Status { get; init; }

    /// <summary>The code of the problem, then those of its errors.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>True if the client disconnected before the end of the response.</summary>
    public bool IsAborted { get; init; }

    public required double Milliseconds { get; init; }

    /// <summary>The id of the caller's key, or the subject of the token; null for an anonymous caller.</summary>
    public string? KeyId { get; init; }

    /// <summary>Writes the members. The formatter adds the time, the level, the category and the trace id.</summary>
    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString(nameof(Method), Method);
        if (Route is not null)
            json.WriteString(nameof(Route), Route);
        json.WriteString(nameof(Path), Path);
        if (Query.Length > 0)
            json.WriteString(nameof(Query), Query);
        json.WriteNumber(nameof(Status), Status);
        if (Codes.Count > 0)
        {
            json.WriteStartArray(nameof(Codes));
            foreach (var code in Codes)
                json.WriteStringValue(code);
            json.WriteEndArray();
        }
        if (IsAborted)
            json.WriteBoolean(nameof(IsAborted), true);
        json.WriteNumber(nameof(Milliseconds), Milliseconds);
        if (KeyId is not null)
            json.WriteString(nameof(KeyId), KeyId);
    }

    /// <summary>Returns a line of text. A query may have control characters, which a terminal would execute.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Method} {Path}{ControlCharacterPattern().Replace(Query, "�")} {Status} {Milliseconds} ms{(IsAborted ? " aborted" : "")}"
        + $"{(KeyId is null ? "" : $" {KeyId}")}{string.Concat(Codes.Select(code => " " + code))}");

    [GeneratedRegex(@"\p{Cc}")]
    private static partial Regex ControlCharacterPattern();
}
