using System.ComponentModel.DataAnnotations;
using CooperationApi.Faults;

namespace CooperationApi;

/// <summary>Reads a section of the configuration strictly: an unknown or impossible setting stops the start, it is never ignored.</summary>
internal static class Settings
{
    // What may stand on the command line: our sections, and what ASP.NET Core itself is told there.
    private static readonly string[] Roots =
        ["Storage", "Changes", "Exports", "Mirror", "Access", "Limits", "Logging", "Kestrel", "AllowedHosts", "urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName"];

    /// <summary>Checks that all words of a command line are settings, `--name=value` or `--name value`: the configuration would skip others.</summary>
    public static void CheckArguments(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                throw new SettingsRefusedException($"'{args[i]}' is no setting; a verb stands first.");
            var name = args[i][2..].Split('=')[0];
            if (!Roots.Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase))
                throw new SettingsRefusedException($"there is no setting '{name}'. Did you mean '{Nearest.To(name.Split(':')[0], Roots)}'?");
            if (!args[i].Contains('=', StringComparison.Ordinal) && ++i == args.Length)
                throw new SettingsRefusedException($"'--{name}' has no value.");
        }
    }

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
