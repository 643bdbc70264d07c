using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Storage;

/// <summary>The `Storage` section of the configuration: the engine and the files of the store.</summary>
internal sealed record StorageOptions
{
    /// <summary>The database engine. SQLite is the only supported value; PostgreSQL is planned.</summary>
    [AllowedValues("Sqlite", ErrorMessage = "Engine must be Sqlite. PostgreSQL is not supported yet.")]
    public string Engine { get; init; } = "Sqlite";

    /// <summary>The SQLite file, relative to the working directory. Missing folders are created.</summary>
    [Required]
    public string Path { get; init; } = "data/cooperation.db";

    /// <summary>The high-water mark file; another volume is recommended. Default: <see cref="Path"/> with the suffix `.hwm`.</summary>
    public string? HighWaterMarkPath { get; init; }

    /// <summary>The path of the high-water mark file, with the default applied.</summary>
    public string EffectiveHighWaterMarkPath => string.IsNullOrEmpty(HighWaterMarkPath) ? Path + ".hwm" : HighWaterMarkPath;
}

/// <summary>
/// The store cannot be opened or created, or a backup cannot be written or restored. The message is for the operator.
/// </summary>
internal sealed class InvalidStoreException(string message, Exception? inner = null) : Exception(message, inner);
