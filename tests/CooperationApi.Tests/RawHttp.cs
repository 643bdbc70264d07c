using System.Net.Sockets;
using System.Text;

namespace CooperationApi.Tests;

/// <summary>Sends raw requests, including malformed ones that HTTP clients correct or reject.</summary>
internal static class RawHttp
{
    /// <summary>Sends a GET request with an unmodified request target.</summary>
    public static Task<RawResponse> Get(Uri baseAddress, string target, params string[] headers) =>
        SendWithoutBody(baseAddress, "GET", target, headers);

    /// <summary>Sends a request without a body.</summary>
    public static Task<RawResponse> SendWithoutBody(Uri baseAddress, string method, string target, params string[] headers) =>
        Send(baseAddress,
            $"{method} {target} HTTP/1.1\r\nHost: {baseAddress.Authority}\r\nConnection: "
            + $"close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    /// <summary>Sends text as UTF-8, optionally closes the sending side, and reads until the service closes the connection.</summary>
    public static Task<RawResponse> Send(Uri baseAddress, string text, bool shouldHalfClose = false) =>
        Send(baseAddress, Encoding.UTF8.GetBytes(text), shouldHalfClose);

    /// <summary>Sends bytes, optionally closes the sending side, and reads until the service closes the connection.</summary>
    public static async Task<RawResponse> Send(Uri baseAddress, byte[] request, bool shouldHalfClose = false)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(baseAddress.Host, baseAddress.Port, cancel);
        var stream = client.GetStream();
        using var response = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, cancel);
            if (shouldHalfClose)
                client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(response, cancel);
        }
        catch (IOException)
        {
            // The service closed the connection before it read the whole request; the response has been received.
        }
        return RawResponse.Parse(response.ToArray());
    }
}
