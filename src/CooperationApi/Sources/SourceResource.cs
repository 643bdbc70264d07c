using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using FluentValidation;

namespace CooperationApi.Sources;

/// <summary>`/v1/sources`.</summary>
internal sealed class SourceResource() : Resource<Source, SourceValidator>(
    type: "sources",
    singular: "source",
    table: "source",
    example: "ha-noi-thai-binh-2019-10-26",
    description: "The documents that prove the facts. Their texts are not published; their hashes are, so that whoever has a text can check every quote.")
{
    protected override IReadOnlyList<Filter> OwnFilters =>
    [
        Choice<SourceKind>("kind", "kind", "Sources of this kind."),
        new CodeFilter("language", "Sources in this language (ISO 639-1).", "vi", Own("language IN (@values)"), "^[a-z]{2}$", 2),
        .. Days("Sources published", "published_on", "published_from", "published_to"),
    ];

    public override IReadOnlyList<Sort> Sorts => [new("title", "title_key"), new("publishedOn", "published_on")];

    protected override string Title(Source source) => source.Title ?? source.Url ?? source.Id;

    protected override IEnumerable<DerivedRows> Rows(Source source) =>
    [
        Row(("title_key", VietnameseOrder.Key(source.Title ?? "")), ("kind", source.Kind.ToString()), ("language", source.Language),
            ("published_on", source.PublishedOn?.Text ?? ""), ("published_from", Day(source.PublishedOn?.First)), ("published_to", Day(source.PublishedOn?.Last)),
            ("sha256", source.Sha256), ("length", source.Length)),
    ];
}

/// <summary>The rules of a source.</summary>
internal sealed class SourceValidator : RecordValidator<Source>
{
    public SourceValidator()
    {
        RuleFor(source => source.Title).Text(500);
        RuleFor(source => source.Publisher).Text(300);
        RuleFor(source => source.Author).Text(300);
        RuleFor(source => source.Url).WebAddress();
        RuleFor(source => source.Language).Matching("^[a-z]{2}$", 2);
        RuleFor(source => source.Sha256).Matching("^[0-9a-f]{64}$", 64);
        RuleFor(source => source.Length).Number(1, 100_000_000);
        RuleFor(source => source.Note).Text(1000);
        RuleFor(source => source).Must(source => (source.Title ?? source.Url) is not null).Saying("source_unnamed");
    }
}
