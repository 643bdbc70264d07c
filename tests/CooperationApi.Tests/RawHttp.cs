using System.Net.Sockets;
using System.Text;

namespace CooperationApi.Tests;

/// <summary>Requests byte by byte: what clients would mend, refuse to send or never think of.</summary>
internal static class RawHttp
{
    /// <summary>Gets a target exactly as it is written.</summary>
    public static Task<RawResponse> Get(Uri baseAddress, string target, params string[] headers) => SendWithoutBody(baseAddress, "GET", target, headers);

    /// <summary>Sends a request without a body.</summary>
    public static Task<RawResponse> SendWithoutBody(Uri baseAddress, string method, string target, params string[] headers) =>
        Send(baseAddress, $"{method} {target} HTTP/1.1\r\nHost: {baseAddress.Authority}\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    /// <summary>Sends this text as it is, in UTF-8, or only these and then hangs up, and reads until the service closes.</summary>
    public static async Task<RawResponse> Send(Uri baseAddress, string text, bool shouldHalfClose = false)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(baseAddress.Host, baseAddress.Port, cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);
        if (shouldHalfClose)
            client.Client.Shutdown(SocketShutdown.Send);
        using var response = new MemoryStream();
        try
        {
            await stream.CopyToAsync(response, cancel);
        }
        catch (IOException)
        {
            // Closed by the service with bytes of ours still unread: what it said before has come.
        }
        return RawResponse.Parse(response.ToArray());
    }
}
