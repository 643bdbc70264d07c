using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Http;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Resources;

/// <summary>
/// The definition of one resource: its type, table, filters, sort orders, references, validation and derived rows. The endpoints and
/// queries are the same for all resources, so a new resource needs only a subclass.
/// </summary>
internal abstract class Resource(string type, string singular, string table, string example, string description)
{
    /// <summary>The catalog that contains the resource. The constructor of the catalog sets it.</summary>
    public ResourceCatalog Catalog { get; set; } = null!;

    /// <summary>The name of the type and its path segment: `cooperation-groups`.</summary>
    public string Type => type;

    /// <summary>The singular noun for summaries: `cooperation group`.</summary>
    public string Singular => singular;

    /// <summary>The narrow table, used in the SQL of filters and sort orders.</summary>
    public string Table => table;

    /// <summary>The id of the example, a record of the seed data.</summary>
    public string Example => example;

    /// <summary>
    /// The id of a seed record that can be merged into another. It can be deleted and redacted too, except an agreement, an official, an
    /// organization and a province: other seed records refer to each of them.
    /// </summary>
    public virtual string RemovalExample => Example;

    /// <summary>The description in the OpenAPI document.</summary>
    public string Description => description;

    /// <summary>
    /// The query that replaces the table in as-of lists, with the same columns and the parameters `@at_from` and `@at_to`.
    /// </summary>
    public virtual string? AsOfSql => null;

    /// <summary>The filters of the list: `id`, the resource's own filters, `q` and `updatedSince`.</summary>
    public IReadOnlyList<ListFilter> Filters => field ??=
    [
        new IdFilter("id", "Records with any of these ids. Unknown ids are ignored.", Example, OnOwnTable("id IN (@values)")),
        .. SpecificFilters,
        .. RecordType.IsSubclassOf(typeof(CitedRecord)) ? [CreateBasisFilter()] : Array.Empty<ListFilter>(),
        new NameSearchFilter(Type, Table, ExampleSearchWords, IgnoresUnitWords: Type == ResourceTypes.Provinces),
        new TimestampFilter("updatedSince",
            "Records whose last change was at or after this time. Deleted records are not in the list; to keep a copy of the data set, "
            + "use the change feed.",
            "2020-01-01T00:00:00Z",
            new(Table, $"record.type = '{Type}' AND record.changed_at >= @updatedSince")
            {
                JoinTable = "record",
                RowIdColumn = "record.row_id",
            }),
    ];

    /// <summary>The JSON names of the record's members, in order.</summary>
    public IReadOnlyList<string> Members => field ??= ValidationRules.GetMemberNames(RecordType);

    /// <summary>The sort orders of the list; the first is the default.</summary>
    public abstract IReadOnlyList<SortOrder> SortOrders { get; }

    /// <summary>The lists of these records under other records: `/v1/meetings/{id}/commitments` belongs to commitments.</summary>
    public virtual IReadOnlyList<NestedList> NestedLists => [];

    /// <summary>The members that hold references to other records: the resource's own, then the citations.</summary>
    public IReadOnlyList<ReferenceDefinition> References => field ??= RecordType.IsSubclassOf(typeof(CitedRecord))
        ? [.. SpecificReferences, ReferenceDefinition.Citation]
        : SpecificReferences;

    /// <summary>True if records of some type can refer to these records.</summary>
    public bool IsReferenced => Catalog.All.Any(referrer => referrer.References.Any(reference => reference.ToType == Type));

    /// <summary>True if each record describes an event, on the date that the timeline uses: the start of its date range.</summary>
    public virtual bool DescribesEvent => false;

    /// <summary>The C# type of the record.</summary>
    public abstract Type RecordType { get; }

    /// <summary>The example of `q`: words that occur in names of the seed data.</summary>
    protected virtual string ExampleSearchWords => "hà nội";

    /// <summary>The resource's own filters.</summary>
    protected abstract IReadOnlyList<ListFilter> SpecificFilters { get; }

    /// <summary>The resource's own members that hold references to other records.</summary>
    protected virtual IReadOnlyList<ReferenceDefinition> SpecificReferences => [];

    /// <summary>Creates a condition on the resource's own table. <paramref name="expression"/> starts with a column name.</summary>
    protected SqlCondition OnOwnTable(string expression) => new(Table, $"{Table}.{expression}");

    /// <summary>
    /// Creates a condition on the references of the resource's records, in the given members or, if none is given, in any member.
    /// `@members` is the placeholder for the ids of the members; <paramref name="idQueries"/> are queries for other sets of ids.
    /// </summary>
    protected SqlCondition OnReference(string expression, string[] members, params (string Placeholder, string Sql)[] idQueries) =>
        new(Table,
            $"""
            {expression}
            AND reference.member_id IN (@members)
            """)
        {
            JoinTable = "reference",
            RowIdColumn = "reference.row_id",
            IdQueries = idQueries.Append(("@members", MemberIdsSql(members)))
                .ToDictionary(query => query.Item1, query => query.Item2, StringComparer.Ordinal),
        };

    /// <summary>Returns the query for the ids of the given members of the resource, or of all its members that hold references.</summary>
    private string MemberIdsSql(string[] members) =>
        $"SELECT member.member_id FROM member WHERE member.type = '{Type}'"
        + (members.Length == 0 ? "" : $" AND member.name IN ({string.Join(", ", members.Select(member => $"'{member}'"))})");

    private EnumFilter CreateBasisFilter() => new("basis", "Records with a citation of this basis.", nameof(CitationBasis.Stated),
        OnReference("reference.basis IN (@values)", [ReferenceDefinition.Citation.Member]), Enum.GetNames<CitationBasis>());

    /// <summary>
    /// Parses a record strictly. Throws an exception that <see cref="StrictJson.IsJsonError"/> accepts if the JSON is not valid.
    /// </summary>
    public abstract Record ParseStrict(JsonElement json);

    /// <summary>
    /// Parses a record strictly from the current position of a reader. The caller ensures that the JSON contains no null. Throws like
    /// <see cref="ParseStrict(JsonElement)"/>, with less detail.
    /// </summary>
    public abstract Record ParseStrict(ref Utf8JsonReader json);

    /// <summary>Deserializes a stored record.</summary>
    public abstract Record Deserialize(ReadOnlySpan<byte> body);

    /// <summary>Validates a record. Returns the failures, with the JSON names of the members.</summary>
    public abstract IReadOnlyList<FluentValidation.Results.ValidationFailure> Validate(Record record);

    /// <summary>Creates the upsert that writes the record.</summary>
    public abstract RecordUpsert ToUpsert(Record record);

    /// <summary>Creates the removal of the record.</summary>
    public abstract RecordRemoval ToRemoval(Record record, string reason = "deleted");

    /// <summary>Returns the record's title or name.</summary>
    public abstract string GetTitle(Record record);

    /// <summary>Returns the record's title or name in English; null if it has none.</summary>
    public abstract string? GetTitleEn(Record record);

    /// <summary>
    /// The columns of `profile=readable`, the most telling first. All members except `revision` are in one of them. The evidence and the
    /// id are the last columns.
    /// </summary>
    public abstract IReadOnlyList<ReadableColumn> ReadableColumns { get; }

    /// <summary>
    /// Returns the name by which people recognize the record, in the language of the formatter; of a source, with its URL.
    /// </summary>
    public abstract LinkedText GetLabel(Record record, ReadableFormatter format);

    /// <summary>Returns the record's JSON as of a date; null if the record did not exist on that date.</summary>
    public abstract byte[]? GetBodyAsOf(byte[] body, DateOnly date);
}

/// <inheritdoc cref="Resource"/>
/// <typeparam name="T">The type of the record.</typeparam>
/// <typeparam name="TRules">The validator of the record.</typeparam>
internal abstract class Resource<T, TRules>(string type, string singular, string table, string example, string description)
    : Resource(type, singular, table, example, description)
    where T : Record
    where TRules : IValidator<T>, new()
{
    // Lazy: only writes need the validator, and its creation is slow.
    private readonly Lazy<TRules> rules = new();

    public sealed override Type RecordType => typeof(T);

    public sealed override Record ParseStrict(JsonElement json) => StrictJson.Deserialize<T>(json);

    public sealed override Record ParseStrict(ref Utf8JsonReader json) => StrictJson.Deserialize<T>(ref json);

    public sealed override Record Deserialize(ReadOnlySpan<byte> body) => JsonSerializer.Deserialize<T>(body, ApiJson.Options)!;

    public sealed override IReadOnlyList<FluentValidation.Results.ValidationFailure> Validate(Record record) =>
        rules.Value.Validate((T)record).Errors;

    public sealed override RecordUpsert ToUpsert(Record record)
    {
        var typedRecord = (T)record;
        var references = References.SelectMany(definition => definition.Extract(typedRecord)).ToList();
        var dateRange = GetDateRange(typedRecord);
        List<QuotedPassage> quotes = typedRecord is CitedRecord quotingRecord ? [.. ExtractQuotes(quotingRecord)] : [];
        return new(Type, typedRecord.Id,
            new(JsonSerializer.SerializeToUtf8Bytes(typedRecord with { Revision = 0 }, ApiJson.Options), typedRecord.Id),
            [.. DeriveRows(typedRecord)], references,
            SearchDocumentBuilder.Build(Type, typedRecord, SelectTitle(typedRecord), SelectFormerNames(typedRecord), dateRange, references))
        {
            EventDate = DescribesEvent ? dateRange?.Text ?? "" : null,
            EventEnd = DescribesEvent ? dateRange?.EndText : null,
            Quotes = quotes,
            WithQuoteStarts = quotes.Any(quote => quote.Start is null) ? starts => ToUpsert(AddQuoteStarts(record, starts)) : null,
        };
    }

    private static IEnumerable<QuotedPassage> ExtractQuotes(CitedRecord record) => record.Citations.Index()
        .Where(item => item.Item.Quote is not null)
        .Select(item => new QuotedPassage(item.Index, item.Item.SourceId, item.Item.Quote!, item.Item.Start)
        {
            InvalidCharacter = InvalidCharacter.Find(item.Item.Quote!),
        });

    private static CitedRecord AddQuoteStarts(Record record, IReadOnlyDictionary<int, int> starts) => (CitedRecord)record with
    {
        Citations =
        [
            .. ((CitedRecord)record).Citations.Select((citation, ordinal) => starts.TryGetValue(ordinal, out var start)
                ? citation with { Start = start, End = start + citation.Quote!.EnumerateRunes().Count() }
                : citation),
        ],
    };

    public sealed override RecordRemoval ToRemoval(Record record, string reason) =>
        new(Type, record.Id, reason, [.. DeriveRows((T)record).Select(derivedRows => derivedRows.Table)]);

    public sealed override string GetTitle(Record record) => SelectTitle((T)record);

    public sealed override string? GetTitleEn(Record record) => SelectTitleEn((T)record);

    public sealed override IReadOnlyList<ReadableColumn> ReadableColumns => field ??=
    [
        .. SpecificReadableColumns,
        .. RecordType.IsSubclassOf(typeof(CitedRecord)) ? CreateEvidenceColumns() : [],
        new ReadableColumn<T>("id", "Id", "Mã", 15, (record, _) => record.Id),
    ];

    // The first column shows the title or name, whose evidence tells most. The link is beside it, not in the same cell: LibreOffice does
    // not wrap a text with a link.
    private ReadableColumn<T>[] CreateEvidenceColumns() =>
    [
        new("citations", "Evidence", "Dẫn chứng", 30, (record, format) => FormatEvidence(record, format).Text),
        new("citations", "Link", "Liên kết", 5, (record, format) => new(null, FormatEvidence(record, format).Url)),
    ];

    private LinkedText FormatEvidence(T record, ReadableFormatter format) =>
        format.FormatEvidence((CitedRecord)(Record)record, SpecificReadableColumns[0].MemberNames);

    public sealed override LinkedText GetLabel(Record record, ReadableFormatter format) => FormatLabel((T)record, format);

    public sealed override byte[]? GetBodyAsOf(byte[] body, DateOnly date) =>
        GetAsOf((T)Deserialize(body), date) is { } snapshot ? JsonSerializer.SerializeToUtf8Bytes(snapshot, ApiJson.Options) : null;

    /// <summary>Returns the record's title or name.</summary>
    protected abstract string SelectTitle(T record);

    /// <summary>Returns the record's title or name in English; null if it has none.</summary>
    protected virtual string? SelectTitleEn(T record) => null;

    /// <summary>Returns the name by which people recognize the record.</summary>
    protected virtual LinkedText FormatLabel(T record, ReadableFormatter format) =>
        format.Select(SelectTitle(record), SelectTitleEn(record));

    /// <summary>The resource's own columns of `profile=readable`.</summary>
    protected abstract IReadOnlyList<ReadableColumn<T>> SpecificReadableColumns { get; }

    /// <summary>Returns names that the record had before; search treats them like its names.</summary>
    protected virtual IEnumerable<string> SelectFormerNames(T record) => [];

    /// <summary>Derives the rows of the narrow tables, which filters and sort orders read.</summary>
    protected abstract IEnumerable<DerivedRows> DeriveRows(T record);

    /// <summary>Returns the date or period by which search finds the record; null if its resource has none.</summary>
    protected virtual DateRange? GetDateRange(T record) => null;

    /// <summary>Returns the record as of a date; null if it did not exist on that date.</summary>
    protected virtual T? GetAsOf(T record, DateOnly date) => record;

    /// <summary>Creates the one row of the resource's own table.</summary>
    protected DerivedRows CreateRow(params (string Column, SqlValue Value)[] columns) => new(Table, columns);

    /// <summary>Creates a filter by the names of an enum. The default example is the first name.</summary>
    protected EnumFilter CreateEnumFilter<TEnum>(string name, string column, string description, TEnum example = default)
        where TEnum : struct, Enum =>
        new(name, description, example.ToString(), OnOwnTable($"{column} IN (@values)"), Enum.GetNames<TEnum>());

    /// <summary>
    /// Creates a filter by the records to which the rows refer, in the given members or, if none is given, in any member. Of several types
    /// (`officials|provinces`), all records with the id count.
    /// </summary>
    protected IdFilter CreateReferenceFilter(string name, string type, string description, string example, params string[] members)
    {
        var types = string.Join("', '", type.Split('|'));
        return new(name, description, example,
            OnReference("reference.target_row_id IN (@targets)", members, ("@targets",
                $"SELECT record.row_id FROM record WHERE record.type IN ('{types}') AND record.id IN (@values)")),
            type)
        { ReferencingMembers = members };
    }

    /// <summary>
    /// Creates a filter by two provinces, both of which the rows refer to in <paramref name="members"/>, by default in `provinceIds`.
    /// </summary>
    protected IdPairFilter CreateProvincePairFilter(string description, params string[] members)
    {
        members = members.Length == 0 ? ["provinceIds[]"] : members;
        return new("betweenProvinces", description, "ha-noi,thai-binh",
            OnReference(
                """
                reference.target_row_id IN (@first_target)
                AND EXISTS
                (
                    SELECT 1 FROM reference other WHERE other.row_id = reference.row_id AND other.member_id IN (@members)
                    AND other.target_row_id IN (@second_target)
                )
                """, members, ("@first_target", ProvinceSql("@first")), ("@second_target", ProvinceSql("@second"))),
            ResourceTypes.Provinces);

        static string ProvinceSql(string parameter) =>
            $"SELECT record.row_id FROM record WHERE record.type = '{ResourceTypes.Provinces}' AND record.id = {parameter}";
    }

    /// <summary>Creates a filter by the pillar of the cooperation groups to which the rows refer.</summary>
    protected EnumFilter CreatePillarFilter(string description) => new("pillar", description, nameof(Pillar.SocioEconomic),
        OnReference("reference.target_row_id IN (@targets)", [],
            ("@targets", "SELECT cooperation_group.row_id FROM cooperation_group WHERE cooperation_group.pillar IN (@values)")),
        Enum.GetNames<Pillar>());

    /// <summary>
    /// Creates the filters `from` and `to` over the columns of a partial date, or of a period that is sorted by its start.
    /// </summary>
    protected IEnumerable<ListFilter> CreateDateRangeFilters(string subject, string sortColumn, string firstColumn, string lastColumn,
        bool isPeriod = false) =>
    [
        // A date known to the year is stored as `2019`, which sorts before all days of that year, so the lower bound is the year of `from`.
        // A period can have any length, so its start has no lower bound.
        new DateFilter("from", $"{subject}{(isPeriod ? " ends" : "")} on or after this date: a year, a month or a day.", "2015",
            OnOwnTable($"{lastColumn} >= @from")
                with { SortBound = isPeriod ? null : (sortColumn, $"{Table}.{sortColumn} >= substr(@from, 1, 4)", IsUpperBound: false) },
                IsEnd: false),
        new DateFilter("to", $"{subject}{(isPeriod ? " starts" : "")} on or before this date: a year, a month or a day.", "2026-12-31",
            OnOwnTable($"{firstColumn} <= @to") with { SortBound = (sortColumn, $"{Table}.{sortColumn} <= @to", IsUpperBound: true) },
            IsEnd: true),
    ];

    /// <summary>Formats a date as the narrow tables store it.</summary>
    protected static string? FormatDate(DateOnly? date) => date?.ToIso();
}
