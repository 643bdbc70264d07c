using CooperationApi.Contracts;
using CooperationApi.Resources.Officials;
using CooperationApi.Resources.Validation;
using FluentValidation;

namespace CooperationApi.Features.Import;

/// <summary>
/// Validates an addition: its entries, as in a whole record. The limits of the extended record are validated with the stored entries.
/// </summary>
internal sealed class RecordAdditionValidator : AbstractValidator<RecordAddition>
{
    public RecordAdditionValidator()
    {
        RuleFor(addition => addition.Type).Slug();
        RuleFor(addition => addition.Id).Slug();
        this.RuleForItems(addition => addition.Positions, new PositionValidator(), maxCount: 200);
        this.RuleForItems(addition => addition.Citations, new CitationValidator(), maxCount: 100, minCount: 1);
    }
}
