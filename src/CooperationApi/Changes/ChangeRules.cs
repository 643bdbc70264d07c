using CooperationApi.Contracts;
using CooperationApi.Resources;
using FluentValidation;

namespace CooperationApi.Changes;

/// <summary>What a page of the feed is like.</summary>
internal sealed class ChangePageRules : AbstractValidator<ChangePage>
{
    public ChangePageRules()
    {
        RuleFor(page => page.Items).Size(0, FeedQuery.MostChanges);
        RuleFor(page => page.Next).Matching(Cursor.Pattern, Cursor.MaxLength);
    }
}

/// <summary>What a change in the feed is like.</summary>
internal sealed class ChangeRules : AbstractValidator<Change>
{
    private static readonly string[] Ops = ["upsert", "remove"], Reasons = ["deleted", "merged", "redacted", "filter"];

    public ChangeRules()
    {
        RuleFor(change => change.At).Matching(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$", 24);
        RuleFor(change => change.Op).Among(Ops);
        RuleFor(change => change.Reason!).Among(Reasons);
        RuleFor(change => change.Into).Slug();
        RuleFor(change => change.Type).Matching(Slug.Pattern, 50);
        RuleFor(change => change.Id).Slug();
        RuleFor(change => change.Hash).Matching("^[0-9a-f]{64}$", 64);
    }
}

/// <summary>What the head of the feed is like.</summary>
internal sealed class ChangeHeadRules : AbstractValidator<ChangeHead>
{
    public ChangeHeadRules()
    {
        RuleFor(head => head.Epoch).Matching("^[0-9a-f]+$", 64);
        RuleFor(head => head.Cursor).Matching(Cursor.Pattern, Cursor.MaxLength);
    }
}
