using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CooperationApi.Tests.Sync;

/// <summary>The network between a client and the service: passes on what comes, keeps what was asked, and breaks where a test says.</summary>
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

    /// <summary>Where it takes connections.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>The heads of all requests, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>The first lines of all requests.</summary>
    public IEnumerable<string> RequestLines => Requests.Select(head => head.Split(" HTTP/")[0]);

    /// <summary>Breaks the connection, once, when so many bytes have come from the service.</summary>
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
            // The test is over.
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
                await Task.WhenAny(CopyStream(client.GetStream(), server.GetStream(), isRequest: true), CopyStream(server.GetStream(), client.GetStream(), isRequest: false));
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // Broken, by one of the three.
            }
        }
    }

    private async Task CopyStream(NetworkStream from, NetworkStream to, bool isRequest)
    {
        var buffer = new byte[1 << 14];
        while (await from.ReadAsync(buffer, stopping.Token) is > 0 and var read)
        {
            // Requests without a body are one piece each.
            if (isRequest)
                Requests.Enqueue(Encoding.ASCII.GetString(buffer, 0, read));
            else if (Interlocked.Add(ref remainingBytes, -read) < 0)
            {
                Interlocked.Exchange(ref remainingBytes, long.MaxValue);
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
        }
    }
}
