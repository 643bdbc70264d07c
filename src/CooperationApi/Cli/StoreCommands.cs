using System.CommandLine;
using CooperationApi.Features.Exports;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Cli;

/// <summary>`backup`, `restore` and `export`: the store as a whole.</summary>
internal static class StoreCommands
{
    /// <summary>Makes a backup, while the service runs.</summary>
    public static Command CreateBackupCommand(IServiceProvider services)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Where to write it: a file that isn't there yet." };
        var command = new Command("backup", "Writes the store as it stands into a new file and checks it, while the service goes on. Like the store it holds the keys' hashes and the sources' texts.") { file };
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            if (!File.Exists(services.GetRequiredService<StorageOptions>().Path))
                throw new InvalidStoreException($"there is none at '{services.GetRequiredService<StorageOptions>().Path}'.");
            var version = await services.GetRequiredService<Database>().BackUp(path);
            Console.WriteLine($"{path}: revision {version.Revision} of epoch {version.Epoch}, checked.");
            return Cli.Success;
        });
        return command;
    }

    /// <summary>Makes an export now.</summary>
    public static Command CreateExportCommand(IServiceProvider services)
    {
        var command = new Command("export", "Makes an export of the record as it stands, while the service goes on, and publishes it there. If nothing has changed since the latest, that is it.");
        command.SetAction(async (_, cancel) =>
        {
            try
            {
                if (await services.GetRequiredService<ExportBuilder>().Build(cancel) is { } manifest)
                {
                    Console.WriteLine($"{services.GetRequiredService<ExportDirectory>().GetFolder(manifest.Id)}: {manifest.Files.Count} files, revision {manifest.Revision}.");
                    return Cli.Success;
                }
                await Console.Error.WriteLineAsync("Another process is making one.");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"No export was made: {exception.Message}");
            }
            return Cli.Failure;
        });
        return command;
    }

    /// <summary>Puts a backup in the store's place.</summary>
    public static Command CreateRestoreCommand(IServiceProvider services)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A backup that the verb `backup` made." }.AcceptExistingOnly();
        var command = new Command("restore", "Puts a backup where the store is to be and nothing is, and begins a new epoch: all who keep copies replace them.") { file };
        command.SetAction(async (parsed, _) =>
        {
            var options = services.GetRequiredService<StorageOptions>();
            var version = await Database.Restore(options, parsed.GetRequiredValue(file).FullName, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ResourceCatalog>().ToUpsert);
            Console.WriteLine($"{options.Path}: restored; epoch {version.Epoch} begins behind number {version.Revision}.");
            await Console.Error.WriteLineAsync("Keys that were revoked and records that were redacted since the backup was made are there again: revoke and redact them again before you serve it.");
            return Cli.Success;
        });
        return command;
    }
}
