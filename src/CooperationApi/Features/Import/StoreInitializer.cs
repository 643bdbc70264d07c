using CooperationApi.Storage;

namespace CooperationApi.Features.Import;

/// <summary>
/// Opens the store, once, before the first use of <see cref="Database"/>: at the start of the web server, and in each command that needs
/// the store. A missing store is created with the seed data.
/// </summary>
internal sealed class StoreInitializer(StorageOptions options, TimeProvider time, Importer importer, ILogger<Database> logger) : IDisposable
{
    private Database? database;

    /// <summary>The open store.</summary>
    public Database Database => database ?? throw new InvalidOperationException("The store is not open.");

    /// <summary>Opens the store. Throws <see cref="InvalidStoreException"/> if it cannot be used.</summary>
    public async Task<Database> Open() => database ??= await Database.Open(options, time, logger, importer.Seed);

    // A command may use the returned store only, which the container then does not know.
    public void Dispose() => database?.Dispose();
}
