using System.Diagnostics;
using System.Globalization;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench.Loads;

/// <summary>
/// The speed of full lists as files, downloaded one after another by a single caller, and the growth of the service's memory.
/// </summary>
internal sealed record DownloadMeasurement(string Name, long RowCount, long ByteCount, TimeSpan Duration, double GrowthMegabytes)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public double MegabytesPerSecond => ByteCount / 1e6 / Duration.TotalSeconds;

    /// <summary>
    /// Downloads the lists in a format. The growth is the peak resident memory, polled every 20 ms, minus that at the beginning.
    /// </summary>
    public static async Task<DownloadMeasurement> Measure(string name, Server service, IReadOnlyList<string> lists, string format,
        CancellationToken cancel)
    {
        var before = service.GetResidentMegabytes();
        var (rows, bytes, peak) = (0L, 0L, before);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var monitor = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                peak = Math.Max(peak, service.GetResidentMegabytes());
                await Task.Delay(PollInterval, CancellationToken.None);
            }
        }, CancellationToken.None);
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            foreach (var list in lists)
            {
                var (counted, length) = await DownloadFile(service, $"{list}?format={format}", cancel);
                (rows, bytes) = (rows + counted, bytes + length);
            }
        }
        finally
        {
            await done.CancelAsync();
            await monitor;
        }
        return new(name, rows, bytes, Stopwatch.GetElapsedTime(startedAt), peak - before);
    }

    /// <summary>Downloads one file, discards it, and returns its rows and bytes. Throws if the transfer is aborted.</summary>
    private static async Task<(long Rows, long Bytes)> DownloadFile(Server service, string address, CancellationToken cancel)
    {
        using var response =
            await service.Client.GetAsync(new Uri(service.Address, address), HttpCompletionOption.ResponseHeadersRead, cancel);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var (buffer, bytes) = (new byte[1 << 16], 0L);
        for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
            bytes += read;
        return (long.Parse(response.Headers.GetValues("Row-Count").Single(), CultureInfo.InvariantCulture), bytes);
    }
}
