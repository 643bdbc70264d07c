using System.Diagnostics;
using System.Globalization;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench.Loads;

/// <summary>How fast whole lists come as files, one after the other to one caller, and how far the service's memory grows meanwhile.</summary>
internal sealed record Download(string Name, long Rows, long Bytes, TimeSpan Time, double GrowthMegabytes)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public double MegabytesPerSecond => Bytes / 1e6 / Time.TotalSeconds;

    /// <summary>Takes the lists in a format. Growth is the most memory at any time over what it was before.</summary>
    public static async Task<Download> Measure(string name, Server service, IReadOnlyList<string> lists, string format, CancellationToken cancel)
    {
        var before = service.ResidentMegabytes();
        var (rows, bytes, most) = (0L, 0L, before);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watch = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                most = Math.Max(most, service.ResidentMegabytes());
                await Task.Delay(Look, CancellationToken.None);
            }
        }, CancellationToken.None);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            foreach (var list in lists)
            {
                var (counted, length) = await Take(service, $"{list}?format={format}", cancel);
                (rows, bytes) = (rows + counted, bytes + length);
            }
        }
        finally
        {
            await done.CancelAsync();
            await watch;
        }
        return new(name, rows, bytes, Stopwatch.GetElapsedTime(begun), most - before);
    }

    /// <summary>Takes one file, throws it away, and returns its rows and bytes. A transfer that breaks off throws.</summary>
    private static async Task<(long Rows, long Bytes)> Take(Server service, string address, CancellationToken cancel)
    {
        using var answer = await service.Client.GetAsync(new Uri(service.Address, address), HttpCompletionOption.ResponseHeadersRead, cancel);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        var (buffer, bytes) = (new byte[1 << 16], 0L);
        for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
            bytes += read;
        return (long.Parse(answer.Headers.GetValues("Row-Count").Single(), CultureInfo.InvariantCulture), bytes);
    }
}
