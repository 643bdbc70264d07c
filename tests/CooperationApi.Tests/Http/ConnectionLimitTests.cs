using System.Diagnostics;
using System.Net.Sockets;

namespace CooperationApi.Tests.Http;

/// <summary>Tests of the maximum number of connections and of the number of files that the process may open.</summary>
public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task One_connection_above_the_maximum_is_closed_and_the_service_continues()
    {
        using var folder = new TempFolder();
        await using var service = await ServiceProcess.Start(await folder.CreateStore(), ("Limits__MaxConnections", "3"));
        var connections = new List<TcpClient>();
        for (var i = 0; i < 4; i++)
            connections.Add(await Connect(service.Address));
        // Kestrel counts connections that arrive together in any order, so the closed one may be any of them.
        var reads = connections.Select(ReadByte).ToList();
        Assert.Equal(0, await await Task.WhenAny(reads));
        Assert.Equal(3, reads.Count(read => !read.IsCompleted));
        connections.ForEach(connection => connection.Dispose());
        // The service notices the closed connections after a moment.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Assert.Equal(200, (await service.Get("/health/ready")).Status);
                return;
            }
            catch (HttpRequestException) when (attempt < 300)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task Start_with_too_few_open_files_is_rejected()
    {
        Prerequisite.Require(OperatingSystem.IsLinux(), "The limit is read from /proc.");
        using var folder = new TempFolder();
        var startInfo = new ProcessStartInfo("sh", ["-c", "ulimit -n 400; exec dotnet \"$@\"", "sh",
            Path.Combine(AppContext.BaseDirectory, "CooperationApi.dll"), $"--Storage:Path={await folder.CreateStore()}",
            "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(startInfo)!;
        _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains("ulimit -n", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<TcpClient> Connect(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Returns the number of bytes that were read: 0 after the service closed the connection.</summary>
    private static async Task<int> ReadByte(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
