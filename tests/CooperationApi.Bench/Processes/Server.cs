using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CooperationApi.Bench.Processes;

/// <summary>A server in a process of its own, on a free port of this machine; stopped with this object.</summary>
internal sealed class Server : IDisposable
{
    private static readonly TimeSpan StartupTimeout = TimeSpan.FromSeconds(60);

    private readonly ChildProcess process;

    private Server(ChildProcess process, Uri address) => (this.process, Client) = (process, new() { BaseAddress = address });

    /// <summary>A client of it, which unpacks nothing and follows nothing.</summary>
    public HttpClient Client { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address => Client.BaseAddress!;

    /// <summary>From the start of the process to the end of its first answer.</summary>
    public TimeSpan TimeToFirstResponse { get; private init; }

    /// <summary>Its memory in RAM, in MB.</summary>
    public double GetResidentMegabytes() => process.GetResidentMegabytes();

    /// <summary>Starts it and waits until it answers an address. The arguments are made from the URL that it is to listen on.</summary>
    public static async Task<Server> Start(string program, Func<string, IEnumerable<string>> arguments, string firstAddress, CancellationToken cancel)
    {
        var address = new Uri($"http://127.0.0.1:{FindFreePort()}");
        var started = Stopwatch.GetTimestamp();
        var process = new ChildProcess(program, arguments(address.GetLeftPart(UriPartial.Authority)));
        try
        {
            await WaitUntilAnswering(process, new(address, firstAddress), started, cancel);
            return new(process, address) { TimeToFirstResponse = Stopwatch.GetElapsedTime(started) };
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Ends it as if the power went (SIGKILL); what it was asked last is never answered.</summary>
    public void Kill() => process.Kill();

    public void Dispose()
    {
        Client.Dispose();
        process.Dispose();
    }

    private static async Task WaitUntilAnswering(ChildProcess process, Uri address, long started, CancellationToken cancel)
    {
        using var client = new HttpClient();
        while (true)
        {
            try
            {
                using var response = await client.GetAsync(address, cancel);
                return;
            }
            catch (HttpRequestException) when (!process.HasExited && Stopwatch.GetElapsedTime(started) < StartupTimeout)
            {
                // Nobody listens yet.
                await Task.Delay(1, cancel);
            }
            catch (HttpRequestException)
            {
                throw new MeasurementException($"The server at {address} doesn't answer:\n{process.Output}");
            }
        }
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
