using CooperationApi.Contracts;
using CooperationApi.Resources;
using FluentValidation;

namespace CooperationApi.Timeline;

// What is promised of the answers, for the document.

/// <summary>What a page of a timeline is like.</summary>
internal sealed class TimelinePageRules : AbstractValidator<TimelinePage>
{
    public TimelinePageRules()
    {
        RuleFor(page => page.Items).Size(0, LimitParameter.Most);
        RuleFor(page => page.Next).Matching(Cursor.Pattern, Cursor.MaxLength);
        RuleFor(page => page.Units!).Size(1, 200);
        RuleForEach(page => page.Units).Slug();
    }
}

/// <summary>What a row of it is like.</summary>
internal sealed class TimelineItemRules : AbstractValidator<TimelineItem>
{
    public TimelineItemRules()
    {
        RuleFor(item => item.Type).Among(Line.Types);
        RuleFor(item => item.Id).Slug();
        RuleFor(item => item.Title).Text(500);
        RuleFor(item => item.TitleEn).Text(500);
        RuleFor(item => item.ProvinceIds).Size(0, 1200);
        RuleForEach(item => item.ProvinceIds).Slug();
        RuleFor(item => item.OtherProvinceIds).Size(0, 200);
        RuleForEach(item => item.OtherProvinceIds).Slug();
        RuleFor(item => item.Before).Text(100);
        RuleFor(item => item.After).Text(100);
        RuleFor(item => item.LegalBasis).Text(200);
    }
}
