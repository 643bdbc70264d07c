using CooperationApi.Contracts;
using FluentValidation;

namespace CooperationApi.Resources.Validation;

internal sealed class PartyValidator : AbstractValidator<Party>
{
    public PartyValidator()
    {
        RuleFor(party => party.OfficialId).Slug();
        RuleFor(party => party.OrganizationId).Slug();
        RuleFor(party => party.ProvinceId).Slug();
        RuleFor(party => party.Description).Text(500);
        RuleFor(party => party)
            .Must(party => (party.OfficialId ?? party.OrganizationId ?? party.ProvinceId ?? party.Description) is not null)
            .WithCode("party_missing");
    }
}
