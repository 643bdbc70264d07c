using CooperationApi.Contracts;
using CooperationApi.Queries;
using CooperationApi.Resources.Validation;
using FluentValidation;

namespace CooperationApi.Features.Timeline;

// The limits of the responses, for the OpenAPI document.

/// <summary>The limits of <see cref="TimelinePage"/>.</summary>
internal sealed class TimelinePageRules : AbstractValidator<TimelinePage>
{
    public TimelinePageRules()
    {
        RuleFor(page => page.Items).CountBetween(0, PageParameters.MaxLimit);
        RuleFor(page => page.Next).MatchesPattern(PageCursor.Pattern, PageCursor.MaxLength);
        RuleFor(page => page.Units!).CountBetween(1, 200);
        RuleForEach(page => page.Units).Slug();
    }
}

/// <summary>The limits of <see cref="TimelineItem"/>.</summary>
internal sealed class TimelineItemRules : AbstractValidator<TimelineItem>
{
    public TimelineItemRules()
    {
        RuleFor(item => item.Type).OneOf(TimelineSource.Types);
        RuleFor(item => item.Id).Slug();
        RuleFor(item => item.Title).Text(500);
        RuleFor(item => item.TitleEn).Text(500);
        RuleFor(item => item.ProvinceIds).CountBetween(0, 1200);
        RuleForEach(item => item.ProvinceIds).Slug();
        RuleFor(item => item.OtherProvinceIds).CountBetween(0, 200);
        RuleForEach(item => item.OtherProvinceIds).Slug();
        RuleFor(item => item.Before).Text(100);
        RuleFor(item => item.After).Text(100);
        RuleFor(item => item.LegalBasis).Text(200);
    }
}
