using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Resources.Sources;

/// <summary>The resource `/v1/sources`.</summary>
internal sealed class SourceResource() : Resource<Source, SourceValidator>(
    type: ResourceTypes.Sources,
    singular: "source",
    table: "source",
    example: "ha-noi-thai-binh-2019-10-26",
    description: "Documents that support the facts. Source texts are not published. Their SHA-256 hashes are published, so anyone with a "
        + "text can verify each quote.")
{
    public override string RemovalExample => "tp-hcm-nine-provinces-2023-s3";

    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        CreateEnumFilter<SourceKind>("kind", "kind", "Sources of this kind."),
        new PatternFilter("language", "Sources in this language (ISO 639-1).", "vi", OnOwnTable("language IN (@values)"), "^[a-z]{2}$", 2),
        .. CreateDateRangeFilters("Sources published", "published_on", "published_from", "published_to"),
    ];

    public override IReadOnlyList<SortOrder> SortOrders => [new("title", "title_key"), new("publishedOn", "published_on", SortType.Date)];

    protected override DateRange GetDateRange(Source source) => new(source.PublishedOn);

    protected override string SelectTitle(Source source) => source.Title ?? source.Url ?? source.Id;

    /// <summary>Names a source as people cite it: the publisher and the date of publication, otherwise the title.</summary>
    protected override LinkedText FormatLabel(Source source, ReadableFormatter format) => new(
        source.Publisher is null
            ? SelectTitle(source)
            : string.Join(", ", new[] { source.Publisher, format.FormatDate(source.PublishedOn) }.OfType<string>()),
        source.Url);

    protected override IReadOnlyList<ReadableColumn<Source>> SpecificReadableColumns =>
    [
        new("title", "Title", "Tiêu đề", 36, (source, _) => source.Title),
        new("publisher,author", "Publisher and author", "Đơn vị công bố, tác giả", 20,
            (source, format) => ReadableFormatter.JoinLines(source.Publisher, source.Author)),
        new("publishedOn", "Published", "Ngày công bố", 12, (source, format) => format.FormatDate(source.PublishedOn)),
        new("kind,language", "Kind and language", "Loại, ngôn ngữ", 12,
            (source, format) => ReadableFormatter.AddDetails(format.GetName<SourceKind>(source.Kind), source.Language)),
        new("note", "Note", "Ghi chú", 30, (source, format) => source.Note),
        new("url", "Address", "Địa chỉ", 28, (source, _) => source.Url),
        new("url", "Link", "Liên kết", 5, (source, _) => new(null, source.Url)),
        new("length,sha256", "Length and hash of the text", "Độ dài và mã băm của văn bản", 14,
            (source, format) => ReadableFormatter.JoinLines(format.FormatNumber(source.Length), source.Sha256)),
    ];

    protected override IEnumerable<DerivedRows> DeriveRows(Source source) =>
    [
        CreateRow(
        [
            ("title_key", VietnameseSortKey.Create(source.Title ?? "")), ("kind", source.Kind.ToString()), ("language", source.Language),
            ("sha256", source.Sha256), ("length", source.Length),
            .. GetDateRange(source).ToColumns("published_on", "published_from", "published_to"),
        ]),
    ];
}

/// <summary>Validates a source.</summary>
internal sealed class SourceValidator : RecordValidator<Source>
{
    private const string EmptyTextSha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    public SourceValidator()
    {
        RuleFor(source => source.Title).Text(500);
        RuleFor(source => source.Publisher).Text(300);
        RuleFor(source => source.Author).Text(300);
        RuleFor(source => source.Url).WebAddress();
        RuleFor(source => source.Language).MatchesPattern("^[a-z]{2}$", 2, "vi");
        RuleFor(source => source.Sha256).MatchesPattern(Patterns.Sha256, 64, EmptyTextSha256);
        RuleFor(source => source.Length).Number(1, 100_000_000);
        RuleFor(source => source.Note).Text(1000);
        RuleFor(source => source).Must(source => (source.Title ?? source.Url) is not null).WithCode("source_title_missing");
    }
}
