using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CooperationApi.Tests.Sync;

/// <summary>A TCP proxy between a client and the service that records requests and can break a connection.</summary>
internal sealed class FaultInjectingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Uri upstream;
    private readonly Task acceptLoop;
    private long remainingBytes = long.MaxValue;

    public FaultInjectingProxy(Uri upstream)
    {
        this.upstream = upstream;
        listener.Start();
        acceptLoop = AcceptConnections();
    }

    /// <summary>The base address of the proxy.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}{PathPrefix}";

    /// <summary>
    /// A path that the proxy removes from each request, such as `/cooperation`. A request without it breaks the connection.
    /// </summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>The request heads in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>The request lines in order, without the HTTP version.</summary>
    public IEnumerable<string> RequestLines => Requests.Select(head => head.Split(" HTTP/")[0]);

    /// <summary>Breaks the connection once after the given number of response bytes.</summary>
    public void BreakAfter(long bytes) => Interlocked.Exchange(ref remainingBytes, bytes);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await acceptLoop;
        stopping.Dispose();
    }

    private async Task AcceptConnections()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                _ = RelayConnection(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The proxy is disposed.
        }
    }

    private async Task RelayConnection(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(upstream.Host, upstream.Port, stopping.Token);
                await Task.WhenAny(CopyStream(client.GetStream(), server.GetStream(), isRequest: true),
                    CopyStream(server.GetStream(), client.GetStream(), isRequest: false));
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // The client, the service or the proxy closed the connection.
            }
        }
    }

    private async Task CopyStream(NetworkStream from, NetworkStream to, bool isRequest)
    {
        var buffer = new byte[1 << 14];
        while (await from.ReadAsync(buffer, stopping.Token) is > 0 and var read)
        {
            // A request without a body arrives in one read.
            if (isRequest)
            {
                var request = Encoding.ASCII.GetString(buffer, 0, read);
                Requests.Enqueue(request);
                if (!request.StartsWith($"GET {PathPrefix}/v1/", StringComparison.Ordinal))
                    return;
                read = Encoding.ASCII.GetBytes(request.Remove("GET ".Length, PathPrefix.Length), buffer);
            }
            else if (Interlocked.Add(ref remainingBytes, -read) < 0)
            {
                Interlocked.Exchange(ref remainingBytes, long.MaxValue);
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
        }
    }
}
