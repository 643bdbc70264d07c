using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Storage;
using FluentValidation;

namespace CooperationApi.Resources;

/// <summary>
/// All that is particular to one resource; what resources do alike is done with it elsewhere in this room.
/// Adding a resource is adding one of these.
/// </summary>
internal abstract class Resource(string type, string singular, string table, string example, string description)
{
    private Catalog? catalog;

    /// <summary>The catalog that it is in.</summary>
    public Catalog Catalog => catalog ?? throw new InvalidOperationException($"{type} is in no catalog.");

    /// <summary>The resource, put into a catalog.</summary>
    public Resource In(Catalog its)
    {
        catalog = its;
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
    public virtual string? TableAt => null;

    /// <summary>What narrows the list: the ids, and what is the resource's own.</summary>
    public IReadOnlyList<Filter> Filters => field ??=
    [
        new IdFilter("id", "The records with these ids: a batch. Ids that no record has are left out.", Example, Own("id IN (@values)")),
        .. OwnFilters,
        new NamesFilter(Type, Table, ExampleWords),
        new MomentFilter("updatedSince", "Records that were written at this moment or later. The page's `revision` says up to which change it looked; who copies everything is better served by the feed.",
            "2020-01-01T00:00:00Z", new(Table, $"record.type = '{Type}' AND record.changed_at >= @updatedSince") { From = "record", Number = "record.number" }),
    ];

    /// <summary>The names of the record's members on the wire, in their order.</summary>
    public IReadOnlyList<string> Members => field ??= Rules.MembersOf(RecordType);

    /// <summary>What sorts the list; the first is the order when none is asked for.</summary>
    public abstract IReadOnlyList<Sort> Sorts { get; }

    /// <summary>The lists of these records that stand under another record: `/v1/meetings/{id}/commitments` belongs to commitments.</summary>
    public virtual IReadOnlyList<SubList> SubLists => [];

    /// <summary>Which members name other records, citations apart.</summary>
    public virtual IReadOnlyList<Link> Links { get; } = [];

    /// <summary>The record's shape in C#.</summary>
    public abstract Type RecordType { get; }

    /// <summary>All parameters of the list, in the document's order.</summary>
    public IReadOnlyList<Parameter> ListParameters => field ??=
    [
        .. Filters,
        .. TableAt is null ? Array.Empty<Parameter>() : [new AtParameter()],
        new SortParameter(this),
        new LimitParameter(),
        new CursorParameter(),
        new TotalParameter(),
        .. Shape,
        new FormatParameter(),
        new ProfileParameter(),
    ];

    /// <summary>All parameters of an item.</summary>
    public IReadOnlyList<Parameter> ItemParameters => field ??=
        [.. TableAt is null ? Array.Empty<Parameter>() : [new AtParameter()], new RevisionParameter(), .. Shape];

    /// <summary>The parameters that say how much of a record, and beside it, is sent.</summary>
    private IEnumerable<Parameter> Shape => [new FieldsParameter(this), .. Step.From(this).Count == 0 ? Array.Empty<Parameter>() : [new ExpandParameter(this)]];

    /// <summary>Words that names of the founding content have.</summary>
    protected virtual string ExampleWords => "hà nội";

    /// <summary>What narrows the list besides the ids.</summary>
    protected abstract IReadOnlyList<Filter> OwnFilters { get; }

    /// <summary>What is asked of the columns of the resource's own table, of which <paramref name="where"/> begins with one.</summary>
    protected Predicate Own(string where) => new(Table, $"{Table}.{where}");

    /// <summary>Reads a record strictly. Throws <see cref="JsonException"/>.</summary>
    public abstract Record Parse(JsonElement json);

    /// <summary>
    /// Reads a record strictly, where a reader of JSON stands, of JSON in which there is no null. Throws like <see cref="Parse(JsonElement)"/>, and says less.
    /// </summary>
    public abstract Record Parse(ref Utf8JsonReader json);

    /// <summary>Reads a record that is kept.</summary>
    public abstract Record Read(ReadOnlySpan<byte> body);

    /// <summary>What is wrong with a record, with the members' JSON names.</summary>
    public abstract IReadOnlyList<FluentValidation.Results.ValidationFailure> Validate(Record record);

    /// <summary>The receipt of the record's becoming what it is here.</summary>
    public abstract Changed Change(Record record);

    /// <summary>The receipt of the record's being no more.</summary>
    public abstract Removed Remove(Record record, string reason = "deleted");

    /// <summary>The record's title or name.</summary>
    public abstract string TitleOf(Record record);

    /// <summary>The record's JSON as it was on a date; null if it did not exist then.</summary>
    public abstract byte[]? BodyAt(byte[] body, DateOnly at);
}

/// <summary>How a list can be sorted: the parameter's word and the column, which is never null; ends in `id` always.</summary>
internal sealed record Sort(string Name, string Column, bool Descending = false)
{
    /// <summary>The word for this order in the query.</summary>
    public string Word => Descending ? "-" + Name : Name;
}

/// <summary>A list under another record: the parent's type, and the filter that the parent's id is the value of.</summary>
internal sealed record SubList(string ParentType, string Filter);

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

    public sealed override Record Parse(JsonElement json) => Shape.Read<T>(json);

    public sealed override Record Parse(ref Utf8JsonReader json) => Shape.Read<T>(ref json);

    public sealed override Record Read(ReadOnlySpan<byte> body) => JsonSerializer.Deserialize<T>(body, Wire.Json)!;

    public sealed override IReadOnlyList<FluentValidation.Results.ValidationFailure> Validate(Record record) => rules.Value.Validate((T)record).Errors;

    public sealed override Changed Change(Record record)
    {
        var its = (T)record;
        var citations = its is CitedRecord cited
            ? cited.Citations.Select((citation, i) => new Reference("citations[].sourceId", i, "sources", citation.SourceId) { Basis = citation.Basis.ToString() })
            : [];
        var (rows, references) = (Rows(its).ToList(), new List<Reference>());
        foreach (var link in Links)
            references.AddRange(link.Of(its));
        return new(Type, its.Id,
            new(JsonSerializer.SerializeToUtf8Bytes(its with { Revision = 0 }, Wire.Json), its.Id),
            rows, [.. references, .. citations], SearchText.Of(Type, its, Title(its), rows, references))
        {
            HappenedOn = HappenedOn(its),
            Quotes = its is CitedRecord quoting ? [.. quoting.Citations.Index().SelectMany(QuotesOf)] : [],
        };
    }

    // Where a quote starts and ends the rules demand: without them there is nothing to look for.
    private static IEnumerable<Quote> QuotesOf((int Ordinal, Citation Citation) cited) =>
        cited.Citation is { Quote: { } text, Start: { } start, End: { } end } ? [new(cited.Ordinal, cited.Citation.SourceId, text, start, end - start)] : [];

    public sealed override Removed Remove(Record record, string reason) => new(Type, record.Id, reason, [.. Rows((T)record).Select(rows => rows.Table)]);

    public sealed override string TitleOf(Record record) => Title((T)record);

    public sealed override byte[]? BodyAt(byte[] body, DateOnly at) =>
        At((T)Read(body), at) is { } then ? JsonSerializer.SerializeToUtf8Bytes(then, Wire.Json) : null;

    /// <summary>The record's title or name.</summary>
    protected abstract string Title(T record);

    /// <summary>The rows of the narrow tables: what filters and sorts read.</summary>
    protected abstract IEnumerable<DerivedRows> Rows(T record);

    /// <summary>When what the record tells of happened, as far as it is known: empty if it isn't; null if it tells of nothing that happens.</summary>
    protected virtual string? HappenedOn(T record) => null;

    /// <summary>The record as it was on a date; null if it did not exist then.</summary>
    protected virtual T? At(T record, DateOnly at) => record;

    /// <summary>The one row of the resource's own table.</summary>
    protected DerivedRows Row(params (string Column, Value Value)[] row) => new(Table, row);

    /// <summary>A filter by one of an enum's names; the first is the example if no other is given.</summary>
    protected ChoiceFilter Choice<TEnum>(string name, string column, string description, TEnum example = default) where TEnum : struct, Enum =>
        new(name, description, example.ToString(), Own($"{column} IN (@values)"), Enum.GetNames<TEnum>());

    /// <summary>A filter by the records that the rows name, in the given members or in any.</summary>
    protected IdFilter Naming(string name, string type, string description, string example, params string[] members)
    {
        var which = members.Length == 0 ? "" : $" AND member.name IN ({string.Join(", ", members.Select(member => $"'{member}'"))})";
        return new(name, description, example, new(Table,
            $"""
            link.to_number IN (SELECT record.number FROM record WHERE record.type = '{type}' AND record.id IN (@values))
            AND link.member IN (SELECT member.number FROM member WHERE member.type = '{Type}'{which})
            """)
        { From = "link", Number = "link.number" }, type)
        { Members = members };
    }

    /// <summary>A filter by the pillar of the groups of cooperation that the rows name.</summary>
    protected ChoiceFilter InGroupsOf(string description) => new("pillar", description, nameof(Pillar.SocioEconomic), new(Table,
        $"""
        link.to_number IN (SELECT cooperation_group.number FROM cooperation_group WHERE cooperation_group.pillar IN (@values))
        AND link.member IN (SELECT member.number FROM member WHERE member.type = '{Type}')
        """)
    { From = "link", Number = "link.number" }, Enum.GetNames<Pillar>());

    /// <summary>The two filters of a range of days over the columns of a partial date, or of a period that is sorted by its first.</summary>
    protected IEnumerable<Filter> Days(string what, string onColumn, string firstColumn, string lastColumn, bool isPeriod = false) =>
    [
        // A date that is known to the year has that alone as its text, which stands before all of its days. Periods are as long as they like.
        new DayFilter("from", $"{what} on this date or later: a year, a month or a day.", "2015",
            Own($"{lastColumn} >= @from") with { Bound = isPeriod ? null : (onColumn, $"{Table}.{onColumn} >= substr(@from, 1, 4)", IsUpper: false) }, IsEnd: false),
        new DayFilter("to", $"{what} on this date or earlier: a year, a month or a day.", "2026-12-31",
            Own($"{firstColumn} <= @to") with { Bound = (onColumn, $"{Table}.{onColumn} <= @to", IsUpper: true) }, IsEnd: true),
    ];

    /// <summary>The day as the narrow tables have it.</summary>
    protected static string? Day(DateOnly? day) => day?.ToIso();
}
