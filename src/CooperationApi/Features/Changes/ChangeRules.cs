using CooperationApi.Contracts;
using CooperationApi.Queries;
using CooperationApi.Resources.Validation;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Features.Changes;

/// <summary>The limits of <see cref="ChangePage"/> for the OpenAPI document.</summary>
internal sealed class ChangePageRules : AbstractValidator<ChangePage>
{
    public ChangePageRules()
    {
        RuleFor(page => page.Items).CountBetween(0, FeedQuery.MaxChanges);
        RuleFor(page => page.Next).MatchesPattern(PageCursor.Pattern, PageCursor.MaxLength);
    }
}

/// <summary>The limits of <see cref="Change"/> for the OpenAPI document.</summary>
internal sealed class ChangeRules : AbstractValidator<Change>
{
    private static readonly string[] Ops = ["upsert", "remove"], Reasons = ["deleted", "merged", "redacted", "filter"];

    public ChangeRules()
    {
        RuleFor(change => change.At).MatchesPattern(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$", 24);
        RuleFor(change => change.Op).OneOf(Ops);
        RuleFor(change => change.Reason!).OneOf(Reasons);
        RuleFor(change => change.Into).Slug();
        RuleFor(change => change.Type).MatchesPattern(Slug.Pattern, 50);
        RuleFor(change => change.Id).Slug();
        RuleFor(change => change.Hash).MatchesPattern("^[0-9a-f]{64}$", 64);
    }
}

/// <summary>The limits of <see cref="ChangeHead"/> for the OpenAPI document.</summary>
internal sealed class ChangeHeadRules : AbstractValidator<ChangeHead>
{
    public ChangeHeadRules()
    {
        RuleFor(head => head.Epoch).MatchesPattern("^[0-9a-f]+$", 64);
        RuleFor(head => head.Cursor).MatchesPattern(PageCursor.Pattern, PageCursor.MaxLength);
    }
}
