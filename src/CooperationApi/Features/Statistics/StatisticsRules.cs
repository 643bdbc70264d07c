using CooperationApi.Contracts;
using CooperationApi.Resources.Validation;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Features.Statistics;

// What is promised of the answers, for the document.

/// <summary>What figures of contributions are like.</summary>
internal sealed class ContributionStatisticsRules : AbstractValidator<ContributionStatistics>
{
    public ContributionStatisticsRules()
    {
        RuleFor(figures => figures.By).CountBetween(1, 5);
        RuleForEach(figures => figures.By).OneOf(ContributionReport.GroupByValues);
        RuleFor(figures => figures.Items).CountBetween(0, StatisticsReport.MaxRows);
        RuleFor(figures => figures.Excluded).CountBetween(0, StatisticsReport.MaxRows);
    }
}

/// <summary>What any sum is like.</summary>
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

/// <summary>What else a row of sums is like.</summary>
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

/// <summary>What a contribution that is not counted is like.</summary>
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

/// <summary>What figures of commitments are like.</summary>
internal sealed class CommitmentStatisticsRules : AbstractValidator<CommitmentStatistics>
{
    public CommitmentStatisticsRules()
    {
        RuleFor(figures => figures.By).CountBetween(1, 3);
        RuleForEach(figures => figures.By).OneOf(CommitmentReport.GroupByValues);
        RuleFor(figures => figures.Items).CountBetween(0, StatisticsReport.MaxRows);
    }
}

/// <summary>What a row of them is like.</summary>
internal sealed class CommitmentRowRules : AbstractValidator<CommitmentRow>
{
    public CommitmentRowRules() => RuleFor(row => row.GroupId).Slug();
}

/// <summary>What figures of meetings are like.</summary>
internal sealed class MeetingStatisticsRules : AbstractValidator<MeetingStatistics>
{
    public MeetingStatisticsRules()
    {
        RuleFor(figures => figures.By).CountBetween(1, 2);
        RuleForEach(figures => figures.By).OneOf(MeetingReport.GroupByValues);
        RuleFor(figures => figures.Items).CountBetween(0, StatisticsReport.MaxRows);
    }
}

/// <summary>What a row of them is like.</summary>
internal sealed class MeetingRowRules : AbstractValidator<MeetingRow>
{
    public MeetingRowRules()
    {
        RuleFor(row => row.ProvinceId).Slug();
        RuleFor(row => row.OtherProvinceId).Slug();
    }
}

/// <summary>What figures of the evidence are like.</summary>
internal sealed class CoverageStatisticsRules : AbstractValidator<CoverageStatistics>
{
    public CoverageStatisticsRules() => RuleFor(figures => figures.Items).CountBetween(1, 100);
}

/// <summary>What those of one type are like.</summary>
internal sealed class CitationCoverageRules : AbstractValidator<CitationCoverage>
{
    public CitationCoverageRules() => RuleFor(coverage => coverage.Type).MatchesPattern(Slug.Pattern, 50);
}

/// <summary>What a province's relations are like.</summary>
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

/// <summary>What one of them is like.</summary>
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
