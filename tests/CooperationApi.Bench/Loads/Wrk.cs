using System.ComponentModel;
using System.Globalization;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench.Loads;

/// <summary>
/// Loads servers with <see href="https://github.com/wg/wrk">wrk</see>: one thread, so that of two cores the server has one, and 32 connections.
/// Where a route has several addresses, each round goes on behind the address at which the one before ended.
/// </summary>
internal sealed class Wrk(string folder)
{
    private const int Connections = 32;

    private readonly Dictionary<(Server, Route), long> requestCounts = [];

    /// <summary>Whether the program is on this machine.</summary>
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

    /// <summary>Loads a server with a route. Any answer of status 400 or more, and any socket error, fails the measurement.</summary>
    public async Task<LoadResult> Run(Server server, Route route, TimeSpan duration, CancellationToken cancel)
    {
        var first = requestCounts.GetValueOrDefault((server, route));
        var (output, _) = await ChildProcess.Run("wrk", await BuildArguments(server, route, first % route.Addresses.Count, duration, cancel), cancel);
        var figures = output.Split('\n').First(line => line.StartsWith("measured ", StringComparison.Ordinal))
            .Split(' ').Skip(1).Select(figure => long.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        if (figures is not [var requests and > 0, var microseconds, 0, var p50, var p99])
            throw new MeasurementException($"{route.Name}: not every request was answered well.\n{output}");
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
