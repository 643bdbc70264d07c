using System.CommandLine;
using CooperationApi.Features.Exports;
using CooperationApi.Features.Import;
using CooperationApi.Storage;

namespace CooperationApi.Cli;

/// <summary>The commands `backup`, `restore` and `export`.</summary>
internal static class StoreCommands
{
    /// <summary>Creates the command `backup`.</summary>
    public static Command CreateBackupCommand(IServiceProvider services)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The path of the backup, where no file may exist." };
        var command = new Command("backup",
            "Writes a verified backup of the store to a new file while the service runs. Like the store, it contains the hashes of API "
            + "keys and the source texts.") { file };
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            // A missing store would be created.
            services.GetRequiredService<StorageOptions>().EnsureFileExists();
            var database = await services.GetRequiredService<StoreInitializer>().Open();
            var version = await database.BackUp(path);
            Console.WriteLine($"{path}: revision {version.Revision} of epoch {version.Epoch}, verified.");
            return Cli.Success;
        });
        return command;
    }

    /// <summary>Creates the command `export`.</summary>
    public static Command CreateExportCommand(IServiceProvider services)
    {
        var command = new Command("export",
            "Builds and publishes an export while the service runs. Reuses the latest export if nothing has changed.");
        command.SetAction(async (_, cancel) =>
        {
            try
            {
                await services.GetRequiredService<StoreInitializer>().Open();
                if (await services.GetRequiredService<ExportBuilder>().Build(cancel) is { } manifest)
                {
                    Console.WriteLine(
                        $"{services.GetRequiredService<ExportDirectory>().GetFolder(manifest.Id)}: {manifest.Files.Count} files, revision "
                        + $"{manifest.Revision}.");
                    return Cli.Success;
                }
                await Console.Error.WriteLineAsync("Another process is building an export.");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"Export failed: {exception.Message}");
            }
            return Cli.Failure;
        });
        return command;
    }

    /// <summary>Creates the command `restore`.</summary>
    public static Command CreateRestoreCommand(IServiceProvider services)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A backup that the command `backup` created." }.AcceptExistingOnly();
        var command = new Command("restore",
            "Restores a backup to the path of the store, where no file may exist, and starts a new epoch. Clients must replace their "
            + "copies.") { file };
        command.SetAction(async (parsed, _) =>
        {
            var options = services.GetRequiredService<StorageOptions>();
            var version = await Database.Restore(options, parsed.GetRequiredValue(file).FullName,
                services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<Database>>());
            Console.WriteLine($"{options.Path}: restored. New epoch {version.Epoch} starts after revision {version.Revision}.");
            await Console.Error.WriteLineAsync(
                "The store may contain API keys that were revoked and records that were redacted after the backup. Revoke the keys again "
                + "before you start the service. Redact the records again before clients can reach the service.");
            return Cli.Success;
        });
        return command;
    }
}
