using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>Requests byte by byte: what clients would mend, refuse to send or never think of.</summary>
internal static class RawHttp
{
    /// <summary>Gets a target exactly as it is written.</summary>
    public static Task<RawAnswer> Get(Uri service, string target, params string[] headers) => Request(service, "GET", target, headers);

    /// <summary>Sends a request without a body.</summary>
    public static Task<RawAnswer> Request(Uri service, string method, string target, params string[] headers) =>
        Send(service, $"{method} {target} HTTP/1.1\r\nHost: {service.Authority}\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    /// <summary>Sends this text as it is, in UTF-8, or only these and then hangs up, and reads until the service closes.</summary>
    public static async Task<RawAnswer> Send(Uri service, string bytes, bool hangUp = false)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(service.Host, service.Port, cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(bytes), cancel);
        if (hangUp)
            client.Client.Shutdown(SocketShutdown.Send);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, cancel);
        }
        catch (IOException)
        {
            // Closed by the service with bytes of ours still unread: what it said before has come.
        }
        return RawAnswer.Parse(answer.ToArray());
    }
}

/// <summary>An answer as it came; status 0 if none came.</summary>
internal sealed record RawAnswer(int Status, ILookup<string, string> Headers, string Body)
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

    public static RawAnswer Parse(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return new(0, Array.Empty<string>().ToLookup(_ => ""), text);
        var lines = text[..end].Split("\r\n");
        return new(
            int.Parse(lines[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture),
            lines.Skip(1).Select(line => line.Split(": ", 2)).ToLookup(header => header[0], header => header[1], StringComparer.OrdinalIgnoreCase),
            text[(end + 4)..]);
    }
}
