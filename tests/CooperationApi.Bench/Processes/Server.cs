using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CooperationApi.Bench.Processes;

/// <summary>A server in its own process on a free local port. Disposing the object stops the server.</summary>
internal sealed class Server : IDisposable
{
    private static readonly TimeSpan StartupTimeout = TimeSpan.FromSeconds(60);

    private readonly ChildProcess process;

    private Server(ChildProcess process, Uri address) => (this.process, Client) = (process, new() { BaseAddress = address });

    /// <summary>The HTTP client of the server, without automatic decompression.</summary>
    public HttpClient Client { get; }

    /// <summary>The base address of the server.</summary>
    public Uri Address => Client.BaseAddress!;

    /// <summary>The time from the start of the process to the end of its first response.</summary>
    public TimeSpan TimeToFirstResponse { get; private init; }

    /// <summary>True if the process has exited.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Returns the resident memory of the server process, in MB.</summary>
    public double GetResidentMegabytes() => process.GetResidentMegabytes();

    /// <summary>Returns the processor time that the server process has used so far.</summary>
    public TimeSpan GetProcessorTime() => process.GetProcessorTime();

    /// <summary>Returns the peak resident memory of the server process, in MB.</summary>
    public double GetPeakMegabytes() => process.GetPeakMegabytes();

    /// <summary>
    /// Starts a server and waits for its first response. <paramref name="arguments"/> returns the command line for the URL to listen on.
    /// </summary>
    public static async Task<Server> Start(string program, Func<string, IEnumerable<string>> arguments, string firstAddress,
        CancellationToken cancel)
    {
        var address = new Uri($"http://127.0.0.1:{FindFreePort()}");
        var started = Stopwatch.GetTimestamp();
        var process = new ChildProcess(program, arguments(address.GetLeftPart(UriPartial.Authority)));
        try
        {
            await WaitForFirstResponse(process, new(address, firstAddress), started, cancel);
            return new(process, address) { TimeToFirstResponse = Stopwatch.GetElapsedTime(started) };
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Kills the server (SIGKILL); pending requests get no response.</summary>
    public void Kill() => process.Kill();

    public void Dispose()
    {
        Client.Dispose();
        process.Dispose();
    }

    private static async Task WaitForFirstResponse(ChildProcess process, Uri address, long started, CancellationToken cancel)
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
                // The server is not listening yet.
                await Task.Delay(1, cancel);
            }
            catch (HttpRequestException)
            {
                throw new MeasurementException($"The server at {address} does not respond:\n{process.Output}");
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
