using Microsoft.Extensions.Options;

namespace CooperationApi.Http;

/// <summary>Registers the options of a configuration section.</summary>
internal static class OptionsRegistration
{
    /// <summary>
    /// Binds a section to options, which are validated at start and are injectable as <typeparamref name="T"/>. An unknown setting is an
    /// error.
    /// </summary>
    public static void AddValidatedOptions<T>(this IServiceCollection services, string section) where T : class
    {
        services.AddOptions<T>()
            .BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
    }

    /// <summary>Returns true for the exception of an unknown or invalid setting.</summary>
    public static bool IsInvalidSetting(Exception exception) => exception is OptionsValidationException
        or InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" };
}
