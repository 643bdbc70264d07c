using System.ComponentModel.DataAnnotations;

namespace CooperationApi;

/// <summary>Reads a section of the configuration strictly: an unknown or impossible setting stops the start, it is never ignored.</summary>
internal static class Settings
{
    /// <summary>The settings of a section, with their defaults where nothing is said. Throws <see cref="SettingsRefusedException"/>.</summary>
    public static T Read<T>(this IConfiguration configuration, string section) where T : class, new()
    {
        try
        {
            var settings = configuration.GetSection(section).Get<T>(binding => binding.ErrorOnUnknownConfiguration = true) ?? new T();
            Validator.ValidateObject(settings, new(settings), validateAllProperties: true);
            return settings;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ValidationException)
        {
            throw new SettingsRefusedException($"{section}: {exception.Message}", exception);
        }
    }
}

/// <summary>The configuration can't be followed. The message says why, for the person who started the service.</summary>
internal sealed class SettingsRefusedException(string message, Exception? inner = null) : Exception(message, inner);
