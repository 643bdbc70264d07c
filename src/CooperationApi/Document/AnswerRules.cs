using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;
using FluentValidation;

namespace CooperationApi.Document;

// What the service promises of its own words, said as it says what it asks of records: the document shows both alike.

/// <summary>What a page's members are like.</summary>
internal sealed class PageRules<T> : AbstractValidator<Page<T>>
{
    public PageRules()
    {
        RuleFor(page => page.Items).Size(0, LimitParameter.Most);
        RuleFor(page => page.Next).Matching(Cursor.Pattern, Cursor.MaxLength);
        RuleFor(page => page.Units!).Size(0, 1000);
    }
}

/// <summary>What the members of a unit on a page are like.</summary>
internal sealed class UnitOnPageRules : AbstractValidator<UnitOnPage>
{
    public UnitOnPageRules()
    {
        RuleFor(unit => unit.Id).Slug();
        RuleFor(unit => unit.Name).Text(200);
        RuleFor(unit => unit.Items).Size(0, LimitParameter.Most);
        RuleForEach(unit => unit.Items).Slug();
    }
}

/// <summary>What the members of a page of a search are like.</summary>
internal sealed class SearchPageRules : AbstractValidator<SearchPage>
{
    private static readonly string[] Extents = ["whole", "partial"];

    public SearchPageRules()
    {
        RuleFor(page => page.Items).Size(0, LimitParameter.Most);
        RuleFor(page => page.Next).Matching(Cursor.Pattern, Cursor.MaxLength);
        RuleFor(page => page.Facets).Size(0, 100);
        RuleFor(page => page.Ranked).Among(Extents);
    }
}

/// <summary>What the count of a type is like.</summary>
internal sealed class TypeCountRules : AbstractValidator<TypeCount>
{
    public TypeCountRules() => RuleFor(count => count.Type).Matching(Slug.Pattern, 50);
}

/// <summary>What the members of a record that was found are like.</summary>
internal sealed class SearchHitRules : AbstractValidator<SearchHit>
{
    public SearchHitRules()
    {
        RuleFor(hit => hit.Type).Matching(Slug.Pattern, 50);
        RuleFor(hit => hit.Id).Slug();
        RuleFor(hit => hit.Title).Text(2000);
        RuleFor(hit => hit.Link).Matching("^(/[a-z0-9-]+)+$", 200);
    }
}

/// <summary>What the members of a snippet are like.</summary>
internal sealed class SnippetRules : AbstractValidator<Snippet>
{
    public SnippetRules()
    {
        RuleFor(snippet => snippet.Text).Text(2000);
        RuleFor(snippet => snippet.Marks).Size(0, 1000);
    }
}

/// <summary>What a problem's members are like.</summary>
internal sealed class ProblemRules : AbstractValidator<Problem>
{
    /// <summary>A kind of problem or fault.</summary>
    public const string Code = "^[a-z]+(_[a-z]+)*$";

    /// <summary>Anything: a detail may repeat what was sent, even what may not be in a record.</summary>
    public const string Anything = @"^[\s\S]+$";

    public ProblemRules()
    {
        RuleFor(problem => problem.Type).Matching($"^{Problems.TypePrefix}{Code[1..]}", 100);
        RuleFor(problem => problem.Title).Text(200);
        RuleFor(problem => problem.Status).InclusiveBetween(400, 599);
        RuleFor(problem => problem.Detail).Matching(Anything, 20_000);
        RuleFor(problem => problem.Instance).Matching("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", 45);
        RuleFor(problem => problem.Code).Matching(Code, 50);
        RuleFor(problem => problem.TraceId).Matching("^[0-9a-f]{32}$", 32);
        RuleFor(problem => problem.Errors!).Size(1, FaultList.MostTold);
    }
}

/// <summary>What a fault's members are like.</summary>
internal sealed class ProblemErrorRules : AbstractValidator<ProblemError>
{
    public ProblemErrorRules()
    {
        RuleFor(error => error.Parameter).Matching(ProblemRules.Anything, 10_000);
        RuleFor(error => error.Pointer).Matching("^(/[^/]*)*$", 1000);
        RuleFor(error => error.Record).Matching("^[a-z0-9-]+/[a-z0-9-]+$", 200);
        RuleFor(error => error.Code).Matching(ProblemRules.Code, 50);
        RuleFor(error => error.Detail).Matching(ProblemRules.Anything, 20_000);
        RuleFor(error => error.Allowed!).Size(1, 200);
        RuleForEach(error => error.Allowed).Text(200);
        RuleFor(error => error.Suggestion).Text(200);
    }
}

/// <summary>What the members of the service's state are like.</summary>
internal sealed class ServiceStatusRules : AbstractValidator<ServiceStatus>
{
    public ServiceStatusRules()
    {
        RuleFor(status => status.ApiVersion).Matching(@"^[0-9]+\.[0-9]+\.[0-9]+$", 20);
        RuleFor(status => status.Epoch).Matching("^[0-9a-f]+$", 64);
        RuleFor(status => status.ChangedAt).Matching(KeyRules.Moment, 24);
        RuleFor(status => status.OldestCursor).Matching("^[A-Za-z0-9_-]+$", 1000);
        RuleFor(status => status.Sources).Size(0, 100_000);
    }
}

/// <summary>What is said of an export.</summary>
internal sealed class ExportStateRules : AbstractValidator<ExportState>
{
    public ExportStateRules()
    {
        RuleFor(export => export.Id).Matching("^[0-9a-f]+-[0-9-a-z]+$", 100);
        RuleFor(export => export.At).Matching(KeyRules.Moment, 24);
    }
}

/// <summary>What is said of a self-check.</summary>
internal sealed class SelfCheckReportRules : AbstractValidator<SelfCheckReport>
{
    public SelfCheckReportRules()
    {
        RuleFor(check => check.At).Matching(KeyRules.Moment, 24);
        RuleFor(check => check.Differing!).Size(1, 100);
        RuleForEach(check => check.Differing).Matching(Slug.Pattern, 50);
    }
}

/// <summary>What is said of a source's freshness.</summary>
internal sealed class SourceFreshnessRules : AbstractValidator<SourceFreshness>
{
    public SourceFreshnessRules()
    {
        RuleFor(source => source.Id).Slug();
        RuleFor(source => source.ChangedAt).Matching(KeyRules.Moment, 24);
    }
}

/// <summary>What the lists of a bundle are like: shorter than its bytes allow.</summary>
internal sealed class BundleRules : AbstractValidator<Bundle>
{
    private const int Most = 1_000_000;

    public BundleRules()
    {
        RuleFor(bundle => bundle.Sources!).Size(0, Most);
        RuleFor(bundle => bundle.Provinces!).Size(0, Most);
        RuleFor(bundle => bundle.Organizations!).Size(0, Most);
        RuleFor(bundle => bundle.Officials!).Size(0, Most);
        RuleFor(bundle => bundle.Meetings!).Size(0, Most);
        RuleFor(bundle => bundle.Agreements!).Size(0, Most);
        RuleFor(bundle => bundle.CooperationGroups!).Size(0, Most);
        RuleFor(bundle => bundle.Commitments!).Size(0, Most);
        RuleFor(bundle => bundle.Results!).Size(0, Most);
        RuleFor(bundle => bundle.Indicators!).Size(0, Most);
        RuleFor(bundle => bundle.Statements!).Size(0, Most);
    }
}

/// <summary>What the members of a citation that is listed under its source are like.</summary>
internal sealed class SourceCitationRules : AbstractValidator<SourceCitation>
{
    public SourceCitationRules()
    {
        RuleFor(citation => citation.Type).Matching(Slug.Pattern, 50);
        RuleFor(citation => citation.Id).Slug();
        RuleFor(citation => citation.Title).Text(2000);
        RuleFor(citation => citation.Ordinal).InclusiveBetween(0, 99);
    }
}

/// <summary>What a key's members are like.</summary>
internal sealed class KeyRules : AbstractValidator<Key>
{
    /// <summary>A moment as it is answered.</summary>
    public const string Moment = @"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$";

    public KeyRules()
    {
        RuleFor(key => key.Id).Matching("^[a-z0-9]{8}$", 8);
        RuleFor(key => key.Name).Text(100);
        RuleFor(key => key.ProvinceIds).Size(0, 200);
        RuleForEach(key => key.ProvinceIds).Slug();
        RuleFor(key => key.MadeAt).Matching(Moment, 24);
        RuleFor(key => key.MadeBy).Text(1000);
        RuleFor(key => key.ExpiresAt).Matching(Moment, 24);
        RuleFor(key => key.UsedAt).Matching(Moment, 24);
        RuleFor(key => key.RevokedAt).Matching(Moment, 24);
        RuleFor(key => key.ReplacedBy).Matching("^[a-z0-9]{8}$", 8);
    }
}

/// <summary>What a key that was just made is like.</summary>
internal sealed class MadeKeyRules : AbstractValidator<MadeKey>
{
    public MadeKeyRules() => RuleFor(made => made.Secret).Matching("^coop_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$", 57);
}

/// <summary>What a page of keys is like.</summary>
internal sealed class KeyPageRules : AbstractValidator<KeyPage>
{
    public KeyPageRules()
    {
        RuleFor(page => page.Items).Size(0, LimitParameter.Most);
        RuleFor(page => page.Next).Matching(Cursor.Pattern, Cursor.MaxLength);
    }
}

/// <summary>What a change of a record is like.</summary>
internal sealed class RecordRevisionRules : AbstractValidator<RecordRevision>
{
    private static readonly string[] Ops = ["upsert", "remove"], Reasons = ["deleted", "merged", "redacted"];

    public RecordRevisionRules()
    {
        RuleFor(revision => revision.At).Matching(KeyRules.Moment, 24);
        RuleFor(revision => revision.Actor).Text(1000);
        RuleFor(revision => revision.Op).Among(Ops);
        RuleFor(revision => revision.Reason!).Among(Reasons);
        RuleFor(revision => revision.Into).Slug();
        RuleFor(revision => revision.Note).Text(500);
        RuleFor(revision => revision.Changes).Size(0, 100_000);
    }
}

/// <summary>What a step of a patch is like.</summary>
internal sealed class PatchOperationRules : AbstractValidator<PatchOperation>
{
    private static readonly string[] Ops = ["add", "remove", "replace"];

    public PatchOperationRules()
    {
        RuleFor(step => step.Op).Among(Ops);
        RuleFor(step => step.Path).Matching("^(/[^/]*)*$", 1000);
    }
}

/// <summary>What the account of a merge is like.</summary>
internal sealed class MergedRules : AbstractValidator<Merged>
{
    public MergedRules()
    {
        RuleFor(merged => merged.Type).Matching(Slug.Pattern, 50);
        RuleFor(merged => merged.Id).Slug();
        RuleFor(merged => merged.Into).Slug();
    }
}

/// <summary>What the account of a redaction is like.</summary>
internal sealed class RedactedRules : AbstractValidator<Redacted>
{
    public RedactedRules()
    {
        RuleFor(redacted => redacted.Type).Matching(Slug.Pattern, 50);
        RuleFor(redacted => redacted.Id).Slug();
        RuleFor(redacted => redacted.At).Matching(KeyRules.Moment, 24);
        RuleFor(redacted => redacted.Actor).Text(1000);
        RuleFor(redacted => redacted.Reason).Text(500, shortest: 3);
    }
}
