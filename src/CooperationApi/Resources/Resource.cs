using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage.Writing;
using FluentValidation;

namespace CooperationApi.Resources;

/// <summary>
/// All that is particular to one resource; what resources do alike is done with it elsewhere in this room.
/// Adding a resource is adding one of these.
/// </summary>
internal abstract class Resource(string type, string singular, string table, string example, string description)
{
    private ResourceCatalog? catalog;

    /// <summary>The catalog that it is in.</summary>
    public ResourceCatalog Catalog => catalog ?? throw new InvalidOperationException($"{type} is in no catalog.");

    /// <summary>The resource, put into a catalog.</summary>
    public Resource AttachTo(ResourceCatalog owner)
    {
        catalog = owner;
        return this;
    }

    /// <summary>The path segment, which is the type's name everywhere: `cooperation-groups`.</summary>
    public string Type => type;

    /// <summary>One record in words, for summaries: `cooperation group`.</summary>
    public string Singular => singular;

    /// <summary>The narrow table, named in the SQL of filters and sorts.</summary>
    public string Table => table;

    /// <summary>The id of a record of the founding content that serves as the example.</summary>
    public string Example => example;

    /// <summary>What the resource is, for the document.</summary>
    public string Description => description;

    /// <summary>What a list reads from when a date is asked for; it has the table's columns. Knows `@at`.</summary>
    public virtual string? AsOfSql => null;

    /// <summary>What narrows the list: the ids, and what is the resource's own.</summary>
    public IReadOnlyList<ListFilter> Filters => field ??=
    [
        new IdFilter("id", "The records with these ids: a batch. Ids that no record has are left out.", Example, OnOwnTable("id IN (@values)")),
        .. SpecificFilters,
        new NameSearchFilter(Type, Table, ExampleSearchWords),
        new TimestampFilter("updatedSince", "Records that were written at this moment or later. The page's `revision` says up to which change it looked; who copies everything is better served by the feed.",
            "2020-01-01T00:00:00Z", new(Table, $"record.type = '{Type}' AND record.changed_at >= @updatedSince") { JoinTable = "record", RowIdColumn = "record.number" }),
    ];

    /// <summary>The names of the record's members on the wire, in their order.</summary>
    public IReadOnlyList<string> Members => field ??= ValidationRules.GetMemberNames(RecordType);

    /// <summary>What sorts the list; the first is the order when none is asked for.</summary>
    public abstract IReadOnlyList<SortOrder> SortOrders { get; }

    /// <summary>The lists of these records that stand under another record: `/v1/meetings/{id}/commitments` belongs to commitments.</summary>
    public virtual IReadOnlyList<NestedList> NestedLists => [];

    /// <summary>Which members name other records, citations apart.</summary>
    public virtual IReadOnlyList<ReferenceDefinition> References { get; } = [];

    /// <summary>The record's shape in C#.</summary>
    public abstract Type RecordType { get; }

    /// <summary>Words that names of the founding content have.</summary>
    protected virtual string ExampleSearchWords => "hà nội";

    /// <summary>What narrows the list besides the ids.</summary>
    protected abstract IReadOnlyList<ListFilter> SpecificFilters { get; }

    /// <summary>What is asked of the columns of the resource's own table, of which <paramref name="expression"/> begins with one.</summary>
    protected SqlCondition OnOwnTable(string expression) => new(Table, $"{Table}.{expression}");

    /// <summary>Reads a record strictly. Throws <see cref="JsonException"/>.</summary>
    public abstract Record ParseStrict(JsonElement json);

    /// <summary>
    /// Reads a record strictly, where a reader of JSON stands, of JSON in which there is no null. Throws like <see cref="ParseStrict(JsonElement)"/>, and says less.
    /// </summary>
    public abstract Record ParseStrict(ref Utf8JsonReader json);

    /// <summary>Reads a record that is kept.</summary>
    public abstract Record Deserialize(ReadOnlySpan<byte> body);

    /// <summary>What is wrong with a record, with the members' JSON names.</summary>
    public abstract IReadOnlyList<FluentValidation.Results.ValidationFailure> Validate(Record record);

    /// <summary>The receipt of the record's becoming what it is here.</summary>
    public abstract RecordUpsert ToUpsert(Record record);

    /// <summary>The receipt of the record's being no more.</summary>
    public abstract RecordRemoval ToRemoval(Record record, string reason = "deleted");

    /// <summary>The record's title or name.</summary>
    public abstract string GetTitle(Record record);

    /// <summary>The record's JSON as it was on a date; null if it did not exist then.</summary>
    public abstract byte[]? GetBodyAsOf(byte[] body, DateOnly date);
}

/// <inheritdoc cref="Resource"/>
/// <typeparam name="T">The record.</typeparam>
/// <typeparam name="TRules">The rules of the record.</typeparam>
internal abstract class Resource<T, TRules>(string type, string singular, string table, string example, string description)
    : Resource(type, singular, table, example, description)
    where T : Record
    where TRules : IValidator<T>, new()
{
    // Only what writes needs the rules, and they take time to make.
    private readonly Lazy<TRules> rules = new();

    public sealed override Type RecordType => typeof(T);

    public sealed override Record ParseStrict(JsonElement json) => StrictJson.Deserialize<T>(json);

    public sealed override Record ParseStrict(ref Utf8JsonReader json) => StrictJson.Deserialize<T>(ref json);

    public sealed override Record Deserialize(ReadOnlySpan<byte> body) => JsonSerializer.Deserialize<T>(body, ApiJson.Options)!;

    public sealed override IReadOnlyList<FluentValidation.Results.ValidationFailure> Validate(Record record) => rules.Value.Validate((T)record).Errors;

    public sealed override RecordUpsert ToUpsert(Record record)
    {
        var typedRecord = (T)record;
        var citations = typedRecord is CitedRecord citedRecord
            ? citedRecord.Citations.Select((citation, i) => new ReferenceRow("citations[].sourceId", i, "sources", citation.SourceId) { Basis = citation.Basis.ToString() })
            : [];
        var (rows, references) = (DeriveRows(typedRecord).ToList(), new List<ReferenceRow>());
        foreach (var definition in References)
            references.AddRange(definition.Extract(typedRecord));
        return new(Type, typedRecord.Id,
            new(JsonSerializer.SerializeToUtf8Bytes(typedRecord with { Revision = 0 }, ApiJson.Options), typedRecord.Id),
            rows, [.. references, .. citations], SearchDocumentBuilder.Build(Type, typedRecord, SelectTitle(typedRecord), rows, references))
        {
            EventDate = GetEventDate(typedRecord),
            Quotes = typedRecord is CitedRecord quotingRecord ? [.. quotingRecord.Citations.Index().SelectMany(ToQuotedPassages)] : [],
        };
    }

    // Where a quote starts and ends the rules demand: without them there is nothing to look for.
    private static IEnumerable<QuotedPassage> ToQuotedPassages((int Ordinal, Citation Citation) item) =>
        item.Citation is { Quote: { } text, Start: { } start, End: { } end } ? [new(item.Ordinal, item.Citation.SourceId, text, start, end - start)] : [];

    public sealed override RecordRemoval ToRemoval(Record record, string reason) => new(Type, record.Id, reason, [.. DeriveRows((T)record).Select(derivedRows => derivedRows.Table)]);

    public sealed override string GetTitle(Record record) => SelectTitle((T)record);

    public sealed override byte[]? GetBodyAsOf(byte[] body, DateOnly date) =>
        GetAsOf((T)Deserialize(body), date) is { } snapshot ? JsonSerializer.SerializeToUtf8Bytes(snapshot, ApiJson.Options) : null;

    /// <summary>The record's title or name.</summary>
    protected abstract string SelectTitle(T record);

    /// <summary>The rows of the narrow tables: what filters and sorts read.</summary>
    protected abstract IEnumerable<DerivedRows> DeriveRows(T record);

    /// <summary>When what the record tells of happened, as far as it is known: empty if it isn't; null if it tells of nothing that happens.</summary>
    protected virtual string? GetEventDate(T record) => null;

    /// <summary>The record as it was on a date; null if it did not exist then.</summary>
    protected virtual T? GetAsOf(T record, DateOnly date) => record;

    /// <summary>The one row of the resource's own table.</summary>
    protected DerivedRows CreateRow(params (string Column, SqlValue Value)[] columns) => new(Table, columns);

    /// <summary>A filter by one of an enum's names; the first is the example if no other is given.</summary>
    protected EnumFilter CreateEnumFilter<TEnum>(string name, string column, string description, TEnum example = default) where TEnum : struct, Enum =>
        new(name, description, example.ToString(), OnOwnTable($"{column} IN (@values)"), Enum.GetNames<TEnum>());

    /// <summary>A filter by the records that the rows name, in the given members or in any.</summary>
    protected IdFilter CreateReferenceFilter(string name, string type, string description, string example, params string[] members)
    {
        var memberCondition = members.Length == 0 ? "" : $" AND member.name IN ({string.Join(", ", members.Select(member => $"'{member}'"))})";
        return new(name, description, example, new(Table,
            $"""
            link.to_number IN (SELECT record.number FROM record WHERE record.type = '{type}' AND record.id IN (@values))
            AND link.member IN (SELECT member.number FROM member WHERE member.type = '{Type}'{memberCondition})
            """)
        { JoinTable = "link", RowIdColumn = "link.number" }, type)
        { ReferencingMembers = members };
    }

    /// <summary>A filter by the pillar of the groups of cooperation that the rows name.</summary>
    protected EnumFilter CreatePillarFilter(string description) => new("pillar", description, nameof(Pillar.SocioEconomic), new(Table,
        $"""
        link.to_number IN (SELECT cooperation_group.number FROM cooperation_group WHERE cooperation_group.pillar IN (@values))
        AND link.member IN (SELECT member.number FROM member WHERE member.type = '{Type}')
        """)
    { JoinTable = "link", RowIdColumn = "link.number" }, Enum.GetNames<Pillar>());

    /// <summary>The two filters of a range of days over the columns of a partial date, or of a period that is sorted by its first.</summary>
    protected IEnumerable<ListFilter> CreateDateRangeFilters(string subject, string sortColumn, string firstColumn, string lastColumn, bool isPeriod = false) =>
    [
        // A date that is known to the year has that alone as its text, which stands before all of its days. Periods are as long as they like.
        new DateFilter("from", $"{subject} on this date or later: a year, a month or a day.", "2015",
            OnOwnTable($"{lastColumn} >= @from") with { SortBound = isPeriod ? null : (sortColumn, $"{Table}.{sortColumn} >= substr(@from, 1, 4)", IsUpper: false) }, IsEnd: false),
        new DateFilter("to", $"{subject} on this date or earlier: a year, a month or a day.", "2026-12-31",
            OnOwnTable($"{firstColumn} <= @to") with { SortBound = (sortColumn, $"{Table}.{sortColumn} <= @to", IsUpper: true) }, IsEnd: true),
    ];

    /// <summary>The day as the narrow tables have it.</summary>
    protected static string? FormatDate(DateOnly? date) => date?.ToIso();
}
