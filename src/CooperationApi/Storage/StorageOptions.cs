using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Storage;

/// <summary>The `Storage` section of the configuration: the engine and the files of the store.</summary>
internal sealed record StorageOptions : IValidatableObject
{
    /// <summary>The name of the engine for several instances.</summary>
    public const string PostgreSql = "PostgreSQL";

    /// <summary>The database engine: `Sqlite` for one machine, `PostgreSQL` for several instances.</summary>
    [AllowedValues("Sqlite", PostgreSql, ErrorMessage = "Engine must be Sqlite or PostgreSQL.")]
    public string Engine { get; init; } = "Sqlite";

    /// <summary>The value of <see cref="Failover"/> that keeps the epoch.</summary>
    public const string LosslessFailover = "Lossless";

    /// <summary>The connection string of the PostgreSQL database, in the format of Npgsql.</summary>
    public string? Connection { get; init; }

    /// <summary>
    /// The epoch after a standby server was promoted: `NewEpoch`, because it may lack acknowledged changes, or `Lossless` with synchronous
    /// replication. The service verifies the settings of the server.
    /// </summary>
    [AllowedValues("NewEpoch", LosslessFailover, ErrorMessage = "Failover must be NewEpoch or Lossless.")]
    public string Failover { get; init; } = "NewEpoch";

    /// <summary>The SQLite file, relative to the working directory. Missing folders are created.</summary>
    [Required]
    public string Path { get; init; } = "data/cooperation.db";

    /// <summary>
    /// The high-water mark file; another volume is recommended. Each instance has its own. Default: <see cref="Path"/> with the suffix
    /// `.hwm`.
    /// </summary>
    public string? HighWaterMarkPath { get; init; }

    /// <summary>Validates the settings that depend on the engine.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Engine == PostgreSql && string.IsNullOrEmpty(Connection))
            yield return new("Connection is required with the engine PostgreSQL.");
        if (Engine != PostgreSql && !string.IsNullOrEmpty(Connection))
            yield return new("Connection requires the engine PostgreSQL.");
    }

    /// <summary>Throws <see cref="InvalidStoreException"/> if the store is a file that does not exist.</summary>
    public void EnsureFileExists()
    {
        if (Engine != PostgreSql && !File.Exists(Path))
            throw new InvalidStoreException($"No store at '{Path}'.");
    }

    /// <summary>The path of the high-water mark file, with the default applied.</summary>
    public string EffectiveHighWaterMarkPath => string.IsNullOrEmpty(HighWaterMarkPath) ? Path + ".hwm" : HighWaterMarkPath;
}

/// <summary>
/// The store cannot be opened or created, or a backup cannot be written or restored. The message is for the operator.
/// </summary>
internal sealed class InvalidStoreException(string message, Exception? inner = null) : Exception(message, inner);
