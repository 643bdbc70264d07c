using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CooperationApi.Tests.Syncing;

/// <summary>The network between a client and the service: passes on what comes, keeps what was asked, and breaks where a test says.</summary>
internal sealed class Network : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource over = new();
    private readonly Uri service;
    private readonly Task serving;
    private long toPass = long.MaxValue;

    public Network(Uri service)
    {
        this.service = service;
        listener.Start();
        serving = Serve();
    }

    /// <summary>Where it takes connections.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>The heads of all requests, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>The first lines of all requests.</summary>
    public IEnumerable<string> Asked => Requests.Select(head => head.Split(" HTTP/")[0]);

    /// <summary>Breaks the connection, once, when so many bytes have come from the service.</summary>
    public void BreakAfter(long bytes) => Interlocked.Exchange(ref toPass, bytes);

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        await serving;
        over.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(over.Token);
                _ = Connect(client);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task Connect(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(service.Host, service.Port, over.Token);
                await Task.WhenAny(Pass(client.GetStream(), server.GetStream(), isAsking: true), Pass(server.GetStream(), client.GetStream(), isAsking: false));
            }
            catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
            {
                // Broken, by one of the three.
            }
        }
    }

    private async Task Pass(NetworkStream from, NetworkStream to, bool isAsking)
    {
        var buffer = new byte[1 << 14];
        while (await from.ReadAsync(buffer, over.Token) is > 0 and var read)
        {
            // Requests without a body are one piece each.
            if (isAsking)
                Requests.Enqueue(Encoding.ASCII.GetString(buffer, 0, read));
            else if (Interlocked.Add(ref toPass, -read) < 0)
            {
                Interlocked.Exchange(ref toPass, long.MaxValue);
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), over.Token);
        }
    }
}
