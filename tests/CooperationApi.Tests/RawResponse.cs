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
        return new(
            int.Parse(lines[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture),
            lines.Skip(1).Select(line => line.Split(": ", 2))
                .ToLookup(header => header[0], header => header[1], StringComparer.OrdinalIgnoreCase),
            text[(end + 4)..]);
    }
}
