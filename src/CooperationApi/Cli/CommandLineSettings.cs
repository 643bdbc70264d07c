using CooperationApi.Http.Problems;

namespace CooperationApi.Cli;

/// <summary>Checks the command line of the web server.</summary>
internal static class CommandLineSettings
{
    // The service's own sections, and the settings that ASP.NET Core reads from the command line.
    private static readonly string[] AllowedSections =
    [
        "Storage", "Changes", "Exports", "SelfCheck", "Access", "Limits", "OpenApi", "Pages", "Mcp", "SecurityTxt", "Logging", "Kestrel",
        "AllowedHosts", "urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName",
    ];

    /// <summary>
    /// Rejects arguments that are not settings (`--name=value` or `--name value`): the configuration provider would ignore them.
    /// </summary>
    public static void RejectUnknown(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                throw new InvalidConfigurationException($"Unknown argument '{args[i]}'. Commands come first, e.g. `import FILE`.");
            var name = args[i][2..].Split('=')[0];
            if (!AllowedSections.Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase))
            {
                var suggestion = ClosestMatch.Find(name.Split(':')[0], AllowedSections) is { } closest ? $" Did you mean '{closest}'?" : "";
                throw new InvalidConfigurationException($"Unknown setting '{name}'.{suggestion}");
            }
            if (!args[i].Contains('=', StringComparison.Ordinal) && ++i == args.Length)
                throw new InvalidConfigurationException($"Option '--{name}' requires a value.");
        }
    }
}

/// <summary>The exception for an invalid configuration. Its message contains the setting and is printed at start.</summary>
internal sealed class InvalidConfigurationException(string message) : Exception(message);
