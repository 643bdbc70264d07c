using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>A response as received; its status is 0 if there was none.</summary>
internal sealed record RawResponse(int Status, ILookup<string, string> Headers, string Body)
{
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
        return new(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers,
            headers["Transfer-Encoding"].Contains("chunked") ? ReadChunks(bytes.AsSpan()[(end + 4)..]) : text[(end + 4)..]);
    }

    /// <summary>Returns the content of the complete chunks.</summary>
    private static string ReadChunks(ReadOnlySpan<byte> bytes)
    {
        var content = new List<byte>();
        while (bytes.IndexOf("\r\n"u8) is > 0 and var lineEnd)
        {
            var length = int.Parse(bytes[..lineEnd], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0 || bytes.Length < lineEnd + 2 + length + 2)
                break;
            content.AddRange(bytes.Slice(lineEnd + 2, length));
            bytes = bytes[(lineEnd + 2 + length + 2)..];
        }
        return Encoding.UTF8.GetString([.. content]);
    }
}
