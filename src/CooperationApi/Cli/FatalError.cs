using System.Data.Common;
using CooperationApi.Http;
using CooperationApi.Storage;

namespace CooperationApi.Cli;

/// <summary>The errors that end the program, with their messages for the operator and their exit codes.</summary>
internal static class FatalError
{
    /// <summary>Returns the message and the exit code of an exception; null for an exception that is a bug.</summary>
    public static (string Message, int ExitCode)? Find(Exception exception) => exception switch
    {
        InvalidConfigurationException => ($"Invalid configuration: {exception.Message}", Cli.UsageError),
        _ when OptionsRegistration.IsInvalidSetting(exception) => ($"Invalid configuration: {exception.Message}", Cli.UsageError),
        InvalidStoreException or HighWaterMarkException => (exception.Message, Cli.StoreError),
        DbException => ($"Database error: {exception.Message}", Cli.StoreError),
        _ => null,
    };
}
