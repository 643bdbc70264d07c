using System.ComponentModel;
using System.Globalization;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench.Loads;

/// <summary>
/// Loads servers with <see href="https://github.com/wg/wrk">wrk</see>: 32 connections and one thread, which leaves the server one of two
/// cores. If a route has several addresses, each round continues after the last address of the previous round.
/// </summary>
internal sealed class Wrk(string folder)
{
    private const int Connections = 32;

    private readonly Dictionary<(Server, Route), long> requestCounts = [];

    /// <summary>Returns true if wrk is installed on this machine.</summary>
    public static bool IsInstalled()
    {
        try
        {
            using var wrk = new ChildProcess("wrk", ["-v"]);
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Loads a server with a route. Throws if any response has status 400 or higher, or if a socket error occurs.</summary>
    public async Task<LoadResult> Run(Server server, Route route, TimeSpan duration, CancellationToken cancel)
    {
        var first = requestCounts.GetValueOrDefault((server, route));
        var (output, _) =
            await ChildProcess.Run("wrk", await BuildArguments(server, route, first % route.Addresses.Count, duration, cancel), cancel);
        var figures = output.Split('\n').First(line => line.StartsWith("measured ", StringComparison.Ordinal))
            .Split(' ').Skip(1).Select(figure => long.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        if (figures is not [var requests and > 0, var microseconds, 0, var p50, var p99])
            throw new MeasurementException($"{route.Name}: some requests failed.\n{output}");
        requestCounts[(server, route)] = first + requests + Connections;
        return new(requests, requests / (microseconds / 1e6), p50 / 1e3, p99 / 1e3);
    }

    private async Task<List<string>> BuildArguments(Server server, Route route, long first, TimeSpan duration, CancellationToken cancel)
    {
        var arguments = new List<string>
        {
            "-t1", $"-c{Connections}", $"-d{duration.TotalSeconds:0}s", "--timeout", "10s",
            "-s", Path.Combine(AppContext.BaseDirectory, "Loads", "load.lua"),
        };
        if (route.Header is var (name, value))
            arguments.AddRange(["-H", $"{name}: {value}"]);
        arguments.Add(new Uri(server.Address, route.Addresses[0]).AbsoluteUri);
        if (route.Addresses.Count > 1)
        {
            var addresses = Path.Combine(folder, "addresses.txt");
            await File.WriteAllLinesAsync(addresses, route.Addresses, cancel);
            arguments.AddRange(["--", addresses, first.ToString(CultureInfo.InvariantCulture)]);
        }
        return arguments;
    }
}
