using System.Globalization;
using System.Text;

namespace CooperationApi.Tests.Http.Fuzzing;

/// <summary>A random request to an operation, as it is sent: the target, the headers and the body can have invalid bytes.</summary>
internal sealed record FuzzRequest(OpenApiSpec.Operation Operation, string Target, IReadOnlyList<string> Headers, byte[]? Body)
{
    /// <summary>
    /// Creates the bytes of the request. Each character up to U+00FF is one byte, so that a header or a target can have invalid UTF-8.
    /// </summary>
    public byte[] ToBytes(Uri address, string key)
    {
        // The event stream does not end; HEAD returns its headers.
        var method = Operation.Id == "streamChanges" ? "HEAD" : Operation.Method;
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{method} {Target} HTTP/1.1\r\nHost: {address.Authority}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {key}\r\nConnection: close\r\n");
        foreach (var header in Headers)
            head.Append(header).Append("\r\n");
        if (Body is not null)
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n");
        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. Body ?? []];
    }

    public override string ToString() =>
        $"{Operation.Method} {Target}\n{string.Join('\n', Headers)}\n{(Body is null ? "" : Encoding.UTF8.GetString(Body))}";
}
