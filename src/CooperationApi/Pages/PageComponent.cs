using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace CooperationApi.Pages;

/// <summary>The base class of the components of pages. Razor makes components public, so members of internal types are not.</summary>
public abstract class PageComponent : ComponentBase
{
    /// <summary>The request of the page.</summary>
    [Inject]
    private protected PageContext Page { get; init; } = null!;

    /// <summary>The texts in the language of the page.</summary>
    [Inject]
    private protected IStringLocalizer<PageTexts> Text { get; init; } = null!;
}

/// <summary>The base class of pages.</summary>
/// <typeparam name="TContent">The content of the page.</typeparam>
public abstract class ContentPage<TContent> : PageComponent where TContent : notnull
{
    /// <summary>The content of the page.</summary>
    [Parameter, EditorRequired]
    public required TContent Content { get; set; }
}

/// <summary>The texts of the pages: `PageTexts.resx` in Vietnamese, `PageTexts.en.resx` in English.</summary>
public sealed class PageTexts;
