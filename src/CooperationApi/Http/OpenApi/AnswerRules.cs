using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources.Validation;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Http.OpenApi;

// Rules for the members of responses. ValidationSchemaFilter copies them to the schemas, like the rules for records.

/// <summary>The rules for a page of a list.</summary>
internal sealed class PageRules<T> : AbstractValidator<Page<T>>
{
    public PageRules()
    {
        RuleFor(page => page.Items).CountBetween(0, PageParameters.MaxLimit);
        RuleFor(page => page.Next).MatchesPattern(PageCursor.Pattern, PageCursor.MaxLength);
        RuleFor(page => page.Units!).CountBetween(0, 1000);
    }
}

/// <summary>The rules for a province unit on a page.</summary>
internal sealed class CurrentUnitRules : AbstractValidator<CurrentUnit>
{
    public CurrentUnitRules()
    {
        RuleFor(unit => unit.Id).Slug();
        RuleFor(unit => unit.Name).Text(200);
        RuleFor(unit => unit.Items).CountBetween(0, PageParameters.MaxLimit);
        RuleForEach(unit => unit.Items).Slug();
    }
}

/// <summary>The rules for a page of search hits.</summary>
internal sealed class SearchPageRules : AbstractValidator<SearchPage>
{
    private static readonly string[] RankingValues = ["complete", "partial"];

    public SearchPageRules()
    {
        RuleFor(page => page.Items).CountBetween(0, PageParameters.MaxLimit);
        RuleFor(page => page.Next).MatchesPattern(PageCursor.Pattern, PageCursor.MaxLength);
        RuleFor(page => page.Facets).CountBetween(0, 100);
        RuleFor(page => page.Ranking).OneOf(RankingValues);
    }
}

/// <summary>The rules for the count of a type.</summary>
internal sealed class TypeCountRules : AbstractValidator<TypeCount>
{
    public TypeCountRules() => RuleFor(count => count.Type).MatchesPattern(Slug.Pattern, 50);
}

/// <summary>The rules for a search hit.</summary>
internal sealed class SearchHitRules : AbstractValidator<SearchHit>
{
    public SearchHitRules()
    {
        RuleFor(hit => hit.Type).MatchesPattern(Slug.Pattern, 50);
        RuleFor(hit => hit.Id).Slug();
        RuleFor(hit => hit.Title).Text(2000);
        RuleFor(hit => hit.Link).MatchesPattern("^(/[a-z0-9-]+)+$", 200);
    }
}

/// <summary>The rules for a snippet.</summary>
internal sealed class SnippetRules : AbstractValidator<Snippet>
{
    public SnippetRules()
    {
        RuleFor(snippet => snippet.Text).Text(2000);
        RuleFor(snippet => snippet.Highlights).CountBetween(0, 1000);
    }
}

/// <summary>The rules for a problem document.</summary>
internal sealed class ProblemRules : AbstractValidator<Problem>
{
    /// <summary>The pattern of problem codes and error codes.</summary>
    public const string CodePattern = "^[a-z]+(_[a-z]+)*$";

    /// <summary>The pattern of any text that is not empty: a detail may quote input that is invalid in a record.</summary>
    public const string AnyTextPattern = @"^[\s\S]+$";

    public ProblemRules()
    {
        RuleFor(problem => problem.Type).MatchesPattern($"^{ProblemMiddleware.TypePrefix}{CodePattern[1..]}", 100);
        RuleFor(problem => problem.Title).Text(200);
        RuleFor(problem => problem.Status).InclusiveBetween(400, 599);
        RuleFor(problem => problem.Detail).MatchesPattern(AnyTextPattern, 20_000);
        RuleFor(problem => problem.Instance).MatchesPattern("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", 45);
        RuleFor(problem => problem.Code).MatchesPattern(CodePattern, 50);
        RuleFor(problem => problem.TraceId).MatchesPattern("^[0-9a-f]{32}$", 32);
        RuleFor(problem => problem.Errors!).CountBetween(1, RequestErrors.MaxReported);
    }
}

/// <summary>The rules for an error of a problem document.</summary>
internal sealed class ProblemErrorRules : AbstractValidator<ProblemError>
{
    public ProblemErrorRules()
    {
        RuleFor(error => error.Parameter).MatchesPattern(ProblemRules.AnyTextPattern, 10_000);
        RuleFor(error => error.Pointer).MatchesPattern("^(/[^/]*)*$", 1000);
        RuleFor(error => error.Record).MatchesPattern("^[a-z0-9-]+/[a-z0-9-]+$", 200);
        RuleFor(error => error.Code).MatchesPattern(ProblemRules.CodePattern, 50);
        RuleFor(error => error.Detail).MatchesPattern(ProblemRules.AnyTextPattern, 20_000);
        RuleFor(error => error.Allowed!).CountBetween(1, 200);
        RuleForEach(error => error.Allowed).Text(200);
        RuleFor(error => error.Suggestion).Text(200);
    }
}

/// <summary>The rules for the status of the service.</summary>
internal sealed class ServiceStatusRules : AbstractValidator<ServiceStatus>
{
    public ServiceStatusRules()
    {
        RuleFor(status => status.ApiVersion).MatchesPattern(@"^[0-9]+\.[0-9]+\.[0-9]+$", 20);
        RuleFor(status => status.Epoch).MatchesPattern("^[0-9a-f]+$", 64);
        RuleFor(status => status.ChangedAt).MatchesPattern(KeyRules.TimestampPattern, 24);
        RuleFor(status => status.OldestCursor).MatchesPattern("^[A-Za-z0-9_-]+$", 1000);
        RuleFor(status => status.Sources).CountBetween(0, 100_000);
    }
}

/// <summary>The rules for the summary of an export.</summary>
internal sealed class ExportSummaryRules : AbstractValidator<ExportSummary>
{
    public ExportSummaryRules()
    {
        RuleFor(export => export.Id).MatchesPattern("^[0-9a-f]+-[0-9-a-z]+$", 100);
        RuleFor(export => export.At).MatchesPattern(KeyRules.TimestampPattern, 24);
    }
}

/// <summary>The rules for the report of a self-check.</summary>
internal sealed class SelfCheckReportRules : AbstractValidator<SelfCheckReport>
{
    public SelfCheckReportRules()
    {
        RuleFor(check => check.At).MatchesPattern(KeyRules.TimestampPattern, 24);
        RuleFor(check => check.MismatchedTypes!).CountBetween(1, 100);
        RuleForEach(check => check.MismatchedTypes).MatchesPattern(Slug.Pattern, 50);
    }
}

/// <summary>The rules for the freshness of a source.</summary>
internal sealed class SourceFreshnessRules : AbstractValidator<SourceFreshness>
{
    public SourceFreshnessRules()
    {
        RuleFor(source => source.Id).Slug();
        RuleFor(source => source.ChangedAt).MatchesPattern(KeyRules.TimestampPattern, 24);
    }
}

/// <summary>The rules for the lists of a bundle. The size limit of a JSON bundle in bytes applies in addition.</summary>
internal sealed class BundleRules : AbstractValidator<Bundle>
{
    private const int MaxRecords = 1_000_000;

    public BundleRules()
    {
        RuleFor(bundle => bundle.Sources!).CountBetween(0, MaxRecords);
        RuleFor(bundle => bundle.Provinces!).CountBetween(0, MaxRecords);
        RuleFor(bundle => bundle.Organizations!).CountBetween(0, MaxRecords);
        RuleFor(bundle => bundle.Officials!).CountBetween(0, MaxRecords);
        RuleFor(bundle => bundle.Meetings!).CountBetween(0, MaxRecords);
        RuleFor(bundle => bundle.Agreements!).CountBetween(0, MaxRecords);
        RuleFor(bundle => bundle.CooperationGroups!).CountBetween(0, MaxRecords);
        RuleFor(bundle => bundle.Commitments!).CountBetween(0, MaxRecords);
        RuleFor(bundle => bundle.Results!).CountBetween(0, MaxRecords);
        RuleFor(bundle => bundle.Indicators!).CountBetween(0, MaxRecords);
        RuleFor(bundle => bundle.Statements!).CountBetween(0, MaxRecords);
    }
}

/// <summary>The rules for a citation in the list of its source.</summary>
internal sealed class SourceCitationRules : AbstractValidator<SourceCitation>
{
    public SourceCitationRules()
    {
        RuleFor(citation => citation.Type).MatchesPattern(Slug.Pattern, 50);
        RuleFor(citation => citation.Id).Slug();
        RuleFor(citation => citation.Title).Text(2000);
        RuleFor(citation => citation.Ordinal).InclusiveBetween(0, 99);
    }
}

/// <summary>The rules for an API key.</summary>
internal sealed class KeyRules : AbstractValidator<Key>
{
    /// <summary>The pattern of timestamps in responses: UTC with milliseconds.</summary>
    public const string TimestampPattern = @"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$";

    public KeyRules()
    {
        RuleFor(key => key.Id).MatchesPattern("^[a-z0-9]{8}$", 8);
        RuleFor(key => key.Name).Text(100);
        RuleFor(key => key.ProvinceIds).CountBetween(0, 200);
        RuleForEach(key => key.ProvinceIds).Slug();
        RuleFor(key => key.CreatedAt).MatchesPattern(TimestampPattern, 24);
        RuleFor(key => key.CreatedBy).Text(1000);
        RuleFor(key => key.ExpiresAt).MatchesPattern(TimestampPattern, 24);
        RuleFor(key => key.LastUsedAt).MatchesPattern(TimestampPattern, 24);
        RuleFor(key => key.RevokedAt).MatchesPattern(TimestampPattern, 24);
        RuleFor(key => key.ReplacedBy).MatchesPattern("^[a-z0-9]{8}$", 8);
    }
}

/// <summary>The rules for a created API key.</summary>
internal sealed class CreatedKeyRules : AbstractValidator<CreatedKey>
{
    public CreatedKeyRules() => RuleFor(created => created.Secret).MatchesPattern("^coop_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$", 57);
}

/// <summary>The rules for a page of API keys.</summary>
internal sealed class KeyPageRules : AbstractValidator<KeyPage>
{
    public KeyPageRules()
    {
        RuleFor(page => page.Items).CountBetween(0, PageParameters.MaxLimit);
        RuleFor(page => page.Next).MatchesPattern(PageCursor.Pattern, PageCursor.MaxLength);
    }
}

/// <summary>The rules for a revision of a record.</summary>
internal sealed class RecordRevisionRules : AbstractValidator<RecordRevision>
{
    private static readonly string[] Ops = ["upsert", "remove"], Reasons = ["deleted", "merged", "redacted"];

    public RecordRevisionRules()
    {
        RuleFor(revision => revision.At).MatchesPattern(KeyRules.TimestampPattern, 24);
        RuleFor(revision => revision.Actor).Text(1000);
        RuleFor(revision => revision.Op).OneOf(Ops);
        RuleFor(revision => revision.Reason!).OneOf(Reasons);
        RuleFor(revision => revision.Into).Slug();
        RuleFor(revision => revision.Note).Text(500);
        RuleFor(revision => revision.Changes).CountBetween(0, 100_000);
    }
}

/// <summary>The rules for an operation of a JSON Patch.</summary>
internal sealed class PatchOperationRules : AbstractValidator<PatchOperation>
{
    private static readonly string[] Ops = ["add", "remove", "replace"];

    public PatchOperationRules()
    {
        RuleFor(step => step.Op).OneOf(Ops);
        RuleFor(step => step.Path).MatchesPattern("^(/[^/]*)*$", 1000);
    }
}

/// <summary>The rules for the report of a merge.</summary>
internal sealed class MergeReportRules : AbstractValidator<MergeReport>
{
    public MergeReportRules()
    {
        RuleFor(report => report.Type).MatchesPattern(Slug.Pattern, 50);
        RuleFor(report => report.Id).Slug();
        RuleFor(report => report.Into).Slug();
    }
}

/// <summary>The rules for the report of a redaction.</summary>
internal sealed class RedactionReportRules : AbstractValidator<RedactionReport>
{
    public RedactionReportRules()
    {
        RuleFor(report => report.Type).MatchesPattern(Slug.Pattern, 50);
        RuleFor(report => report.Id).Slug();
        RuleFor(report => report.At).MatchesPattern(KeyRules.TimestampPattern, 24);
        RuleFor(report => report.Actor).Text(1000);
        RuleFor(report => report.Reason).Text(500, minLength: 3);
    }
}
