using CooperationApi.Contracts;
using CooperationApi.Resources;
using FluentValidation;

namespace CooperationApi.Statistics;

// What is promised of the answers, for the document.

/// <summary>What figures of contributions are like.</summary>
internal sealed class ContributionStatisticsRules : AbstractValidator<ContributionStatistics>
{
    public ContributionStatisticsRules()
    {
        RuleFor(figures => figures.By).Size(1, 5);
        RuleForEach(figures => figures.By).Among(ContributionFigures.Words);
        RuleFor(figures => figures.Items).Size(0, Figures.MostRows);
        RuleFor(figures => figures.LeftOut).Size(0, Figures.MostRows);
    }
}

/// <summary>What any sum is like.</summary>
internal sealed class ContributionSumRules : AbstractValidator<ContributionSum>
{
    public ContributionSumRules()
    {
        RuleFor(sum => sum.Currency).Matching("^[A-Z]{3}$", 3);
        RuleFor(sum => sum.Unit).Text(100);
        RuleFor(sum => sum.Ids).Size(0, Tally.MostIds);
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
internal sealed class LeftOutRules : AbstractValidator<LeftOut>
{
    public LeftOutRules()
    {
        RuleFor(part => part.Id).Slug();
        RuleFor(part => part.CountedId).Slug();
        RuleFor(part => part.Currency).Matching("^[A-Z]{3}$", 3);
        RuleFor(part => part.Unit).Text(100);
    }
}

/// <summary>What figures of commitments are like.</summary>
internal sealed class CommitmentStatisticsRules : AbstractValidator<CommitmentStatistics>
{
    public CommitmentStatisticsRules()
    {
        RuleFor(figures => figures.By).Size(1, 3);
        RuleForEach(figures => figures.By).Among(CommitmentFigures.Words);
        RuleFor(figures => figures.Items).Size(0, Figures.MostRows);
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
        RuleFor(figures => figures.By).Size(1, 2);
        RuleForEach(figures => figures.By).Among(MeetingFigures.Words);
        RuleFor(figures => figures.Items).Size(0, Figures.MostRows);
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
    public CoverageStatisticsRules() => RuleFor(figures => figures.Items).Size(1, 100);
}

/// <summary>What those of one type are like.</summary>
internal sealed class CoverageRules : AbstractValidator<Coverage>
{
    public CoverageRules() => RuleFor(coverage => coverage.Type).Matching(Slug.Pattern, 50);
}

/// <summary>What a province's relations are like.</summary>
internal sealed class ProvinceRelationsRules : AbstractValidator<ProvinceRelations>
{
    public ProvinceRelationsRules()
    {
        RuleFor(relations => relations.Units).Size(1, 200);
        RuleForEach(relations => relations.Units).Slug();
        RuleFor(relations => relations.Items).Size(0, 1000);
        RuleFor(relations => relations.LeftOut).Size(0, Figures.MostRows);
    }
}

/// <summary>What one of them is like.</summary>
internal sealed class RelationRules : AbstractValidator<Relation>
{
    public RelationRules()
    {
        RuleFor(relation => relation.ProvinceId).Slug();
        RuleFor(relation => relation.Name).Text(100);
        RuleFor(relation => relation.Units).Size(1, 200);
        RuleForEach(relation => relation.Units).Slug();
        RuleFor(relation => relation.Contributions).Size(0, 1000);
    }
}
