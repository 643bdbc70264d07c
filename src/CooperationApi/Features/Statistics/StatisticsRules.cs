using CooperationApi.Contracts;
using CooperationApi.Resources.Validation;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Features.Statistics;

// The limits of the responses, for the OpenAPI document.

/// <summary>The limits of <see cref="ContributionStatistics"/>.</summary>
internal sealed class ContributionStatisticsRules : AbstractValidator<ContributionStatistics>
{
    public ContributionStatisticsRules()
    {
        RuleFor(statistics => statistics.By).CountBetween(1, 5);
        RuleForEach(statistics => statistics.By).OneOf(ContributionReport.GroupByValues);
        RuleFor(statistics => statistics.Items).CountBetween(0, StatisticsReport.MaxRows);
        RuleFor(statistics => statistics.Excluded).CountBetween(0, StatisticsReport.MaxRows);
    }
}

/// <summary>The limits of <see cref="ContributionSum"/>.</summary>
internal sealed class ContributionSumRules : AbstractValidator<ContributionSum>
{
    public ContributionSumRules()
    {
        RuleFor(sum => sum.Currency).MatchesPattern("^[A-Z]{3}$", 3);
        RuleFor(sum => sum.Unit).Text(100);
        RuleFor(sum => sum.Ids).CountBetween(0, ContributionTotal.MaxIds);
        RuleForEach(sum => sum.Ids).Slug();
    }
}

/// <summary>The additional limits of <see cref="ContributionRow"/>.</summary>
internal sealed class ContributionRowRules : AbstractValidator<ContributionRow>
{
    public ContributionRowRules()
    {
        RuleFor(row => row.GiverId).Slug();
        RuleFor(row => row.Giver).Text(300);
        RuleFor(row => row.ReceiverId).Slug();
        RuleFor(row => row.Receiver).Text(300);
        RuleFor(row => row.GroupId).Slug();
    }
}

/// <summary>The limits of <see cref="ExcludedContribution"/>.</summary>
internal sealed class ExcludedContributionRules : AbstractValidator<ExcludedContribution>
{
    public ExcludedContributionRules()
    {
        RuleFor(contribution => contribution.Id).Slug();
        RuleFor(contribution => contribution.CountedId).Slug();
        RuleFor(contribution => contribution.Currency).MatchesPattern("^[A-Z]{3}$", 3);
        RuleFor(contribution => contribution.Unit).Text(100);
    }
}

/// <summary>The limits of <see cref="CommitmentStatistics"/>.</summary>
internal sealed class CommitmentStatisticsRules : AbstractValidator<CommitmentStatistics>
{
    public CommitmentStatisticsRules()
    {
        RuleFor(statistics => statistics.By).CountBetween(1, 3);
        RuleForEach(statistics => statistics.By).OneOf(CommitmentReport.GroupByValues);
        RuleFor(statistics => statistics.Items).CountBetween(0, StatisticsReport.MaxRows);
    }
}

/// <summary>The limits of <see cref="CommitmentRow"/>.</summary>
internal sealed class CommitmentRowRules : AbstractValidator<CommitmentRow>
{
    public CommitmentRowRules() => RuleFor(row => row.GroupId).Slug();
}

/// <summary>The limits of <see cref="MeetingStatistics"/>.</summary>
internal sealed class MeetingStatisticsRules : AbstractValidator<MeetingStatistics>
{
    public MeetingStatisticsRules()
    {
        RuleFor(statistics => statistics.By).CountBetween(1, 2);
        RuleForEach(statistics => statistics.By).OneOf(MeetingReport.GroupByValues);
        RuleFor(statistics => statistics.Items).CountBetween(0, StatisticsReport.MaxRows);
    }
}

/// <summary>The limits of <see cref="MeetingRow"/>.</summary>
internal sealed class MeetingRowRules : AbstractValidator<MeetingRow>
{
    public MeetingRowRules()
    {
        RuleFor(row => row.ProvinceId).Slug();
        RuleFor(row => row.OtherProvinceId).Slug();
    }
}

/// <summary>The limits of <see cref="CoverageStatistics"/>.</summary>
internal sealed class CoverageStatisticsRules : AbstractValidator<CoverageStatistics>
{
    public CoverageStatisticsRules() => RuleFor(statistics => statistics.Items).CountBetween(1, 100);
}

/// <summary>The limits of <see cref="CitationCoverage"/>.</summary>
internal sealed class CitationCoverageRules : AbstractValidator<CitationCoverage>
{
    public CitationCoverageRules() => RuleFor(coverage => coverage.Type).MatchesPattern(Slug.Pattern, 50);
}

/// <summary>The limits of <see cref="ProvinceRelations"/>.</summary>
internal sealed class ProvinceRelationsRules : AbstractValidator<ProvinceRelations>
{
    public ProvinceRelationsRules()
    {
        RuleFor(relations => relations.Units).CountBetween(1, 200);
        RuleForEach(relations => relations.Units).Slug();
        RuleFor(relations => relations.Items).CountBetween(0, 1000);
        RuleFor(relations => relations.Excluded).CountBetween(0, StatisticsReport.MaxRows);
    }
}

/// <summary>The limits of <see cref="Relation"/>.</summary>
internal sealed class RelationRules : AbstractValidator<Relation>
{
    public RelationRules()
    {
        RuleFor(relation => relation.ProvinceId).Slug();
        RuleFor(relation => relation.Name).Text(100);
        RuleFor(relation => relation.Units).CountBetween(1, 200);
        RuleForEach(relation => relation.Units).Slug();
        RuleFor(relation => relation.Contributions).CountBetween(0, 1000);
    }
}
