using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>A response as received; its status is 0 if there was none.</summary>
internal sealed record RawResponse(int Status, ILookup<string, string> Headers, string Body)
{
    /// <summary>False if the response is chunked and its last chunk is missing.</summary>
    public bool IsComplete { get; private init; } = true;

    public JsonNode Problem
    {
        get
        {
            Assert.Equal("application/problem+json", Assert.Single(Headers["Content-Type"]));
            var problem = JsonNode.Parse(Body)!;
            Assert.Equal(Status, (int)problem["status"]!);
            return problem;
        }
    }

    public static RawResponse Parse(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return new(0, Array.Empty<string>().ToLookup(_ => ""), text);
        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToLookup(header => header[0], header => header[1], StringComparer.OrdinalIgnoreCase);
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        if (!headers["Transfer-Encoding"].Contains("chunked"))
            return new(status, headers, text[(end + 4)..]);
        var (body, isComplete) = ReadChunks(bytes.AsSpan()[(end + 4)..]);
        return new(status, headers, body) { IsComplete = isComplete };
    }

    private static (string Body, bool IsComplete) ReadChunks(ReadOnlySpan<byte> bytes)
    {
        var content = new List<byte>();
        var isComplete = false;
        while (!isComplete && bytes.IndexOf("\r\n"u8) is > 0 and var lineEnd)
        {
            var length = int.Parse(bytes[..lineEnd], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (bytes.Length < lineEnd + 2 + length + 2)
                break;
            content.AddRange(bytes.Slice(lineEnd + 2, length));
            bytes = bytes[(lineEnd + 2 + length + 2)..];
            isComplete = length == 0;
        }
        return (Encoding.UTF8.GetString([.. content]), isComplete);
    }
}
