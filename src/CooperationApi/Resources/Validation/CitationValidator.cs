using CooperationApi.Contracts;
using FluentValidation;

namespace CooperationApi.Resources.Validation;

internal sealed class CitationValidator : AbstractValidator<Citation>
{
    public CitationValidator()
    {
        RuleFor(citation => citation.SourceId).Slug();
        RuleFor(citation => citation.Quote).Quote(300);
        RuleFor(citation => citation.Start).Number(0, int.MaxValue);
        RuleFor(citation => citation.End).Number(1, int.MaxValue);
        RuleFor(citation => citation.Locator).Text(500);
        RuleFor(citation => citation.Note).Text(1000);
        RuleFor(citation => citation.Supports).CountBetween(1, 50);
        RuleForEach(citation => citation.Supports).MatchesPattern("^[a-z][A-Za-z0-9]*$", 50, "title");
        // Without both offsets, the writer finds the quote in the stored text of the source.
        RuleFor(citation => citation).Must(citation => citation switch
        {
            { Start: null, End: null } => true,
            { Quote: { } quote, Start: { } start, End: { } end } => end == (long)start + quote.EnumerateRunes().Count(),
            _ => false,
        }).WithCode("quote_offsets_missing");
        RuleFor(citation => citation).Must(citation => citation.Basis != CitationBasis.Stated || citation.Quote is not null)
            .WithCode("quote_missing");
        RuleFor(citation => citation)
            .Must(citation =>
                citation.Basis != CitationBasis.Inferred || citation.Quote is not null || citation is { Locator: not null, Note: not null })
            .WithCode("inference_note_missing");
        RuleFor(citation => citation)
            .Must(citation => citation.Basis != CitationBasis.Referenced || citation is { Quote: null, Locator: not null })
            .WithCode("locator_missing");
    }
}
