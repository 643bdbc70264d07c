using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Http.OpenApi;

/// <summary>
/// The `OpenApi` section of the configuration: the operator's contact, terms of service and server in the OpenAPI document.
/// </summary>
internal sealed record OpenApiOptions : IValidatableObject
{
    /// <summary>The name of the contact person or organization.</summary>
    public string? ContactName { get; init; }

    /// <summary>The email address of the contact.</summary>
    [EmailAddress]
    public string? ContactEmail { get; init; }

    /// <summary>The URL of the contact page.</summary>
    public string? ContactUrl { get; init; }

    /// <summary>The URL of the terms of service.</summary>
    public string? TermsOfServiceUrl { get; init; }

    /// <summary>The public base URL of the service. Without it, clients use the URL from which they read the document.</summary>
    public string? ServerUrl { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, url) in new[] { (nameof(ContactUrl), ContactUrl), (nameof(TermsOfServiceUrl), TermsOfServiceUrl),
            (nameof(ServerUrl), ServerUrl) })
        {
            if (url is not null && !IsHttpUrl(url))
                yield return new($"{name}: '{url}' is not an absolute http or https URL (expected e.g. https://portal.example).");
        }
    }

    private static bool IsHttpUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
