using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Storage;

/// <summary>Where the record is kept: the `Storage` section of the configuration.</summary>
internal sealed record StorageOptions
{
    /// <summary>The engine. PostgreSQL is planned and refused until it is built.</summary>
    [AllowedValues("Sqlite", ErrorMessage = "Engine must be Sqlite: PostgreSQL is planned, but not built yet.")]
    public string Engine { get; init; } = "Sqlite";

    /// <summary>The SQLite file, from the working directory. Its folder is made.</summary>
    [Required]
    public string Path { get; init; } = "data/cooperation.db";

    /// <summary>The file that says what was acknowledged, by which an older store in the store's place is noticed: best on another volume. By default beside the store.</summary>
    public string? HighWaterMarkPath { get; init; }

    /// <summary>Where the fence is.</summary>
    public string EffectiveHighWaterMarkPath => string.IsNullOrEmpty(HighWaterMarkPath) ? Path + ".hwm" : HighWaterMarkPath;
}

/// <summary>The store can't be used as it is; nothing was changed. The message says why, for the person who started the service.</summary>
internal sealed class InvalidStoreException(string message, Exception? inner = null) : Exception(message, inner);
