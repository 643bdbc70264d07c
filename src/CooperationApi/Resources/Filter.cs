using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.Resources;

/// <summary>A parameter that narrows a list: how it is read, what it allows, and the SQL condition that it becomes.</summary>
internal abstract record Filter(string Name, string Description, string Example) : Parameter(Name, Description, Example)
{
    public override bool IsOwn => true;

    /// <summary>The condition, or null and a fault.</summary>
    public abstract Condition? Read(string text, ICollection<Fault> faults);
}

/// <summary>
/// What SQL asks of the rows of a table: something of their own columns or, with <see cref="From"/>, that a row elsewhere has their number and fulfils it.
/// `@values` stands for the values.
/// </summary>
internal sealed record Predicate(string Table, string Where)
{
    /// <summary>Where else rows are looked at.</summary>
    public string? From { get; init; }

    /// <summary>The column there that has the number.</summary>
    public string Number { get; init; } = "";

    /// <summary>What follows of it for a column that lists are sorted by: with it, only a part of them need be gone through.</summary>
    public (string Column, string Where, bool IsUpper)? Bound { get; init; }

    /// <summary>As a condition by which rows are looked for.</summary>
    public string Sql => From is not null ? $"{Table}.number IN ({Numbers})" : Bound is { } bound ? $"({bound.Where} AND {Where})" : $"({Where})";

    /// <summary>As a condition on a row that is met already. CASE keeps a database from looking for rows by it all the same.</summary>
    public string Check => $"CASE WHEN {(From is null ? Where : $"EXISTS (SELECT 1 FROM {From} WHERE {Number} = {Table}.number AND {Where})")} THEN 1 ELSE 0 END = 1";

    /// <summary>The numbers of the rows that fulfil it.</summary>
    public string Numbers => From is null ? $"SELECT {Table}.number FROM {Table} WHERE {Sql}" : $"SELECT {Number} AS number FROM {From} WHERE {Where}";

    /// <summary>The predicate with something in the place of its values.</summary>
    public Predicate With(string values) => this with { Where = Where.Replace("@values", values, StringComparison.Ordinal) };
}

/// <summary>A condition of a WHERE clause, the values that it names, and the records that it takes for granted.</summary>
internal sealed record Condition(Predicate Predicate, IReadOnlyDictionary<string, object> Values)
{
    /// <summary>What it is when a date is asked for, if that is something else.</summary>
    public Predicate? At { get; init; }

    /// <summary>The records that must exist: a list filtered by a record that isn't there is a fault, not an empty list.</summary>
    public NamedRecords? Named { get; init; }
}

/// <summary>The records that a condition names, and the filter that does.</summary>
internal sealed record NamedRecords(IdFilter Filter, string Type, IReadOnlyList<string> Ids);

/// <summary>A filter that takes several values, joined by commas; a row that fits one of them fits.</summary>
internal abstract record ValuesFilter(string Name, string Description, string Example, Predicate Predicate) : Filter(Name, Description, Example)
{
    /// <summary>How many values are taken at once.</summary>
    protected virtual int Most => 50;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Array,
        Items = ValueSchema,
        MinItems = 1,
        MaxItems = Most,
    };

    public override JsonNode ExampleNode => new JsonArray([.. Example.Split(',').Select(value => JsonValue.Create(value))]);

    /// <summary>The type of one value.</summary>
    protected abstract OpenApiSchema ValueSchema { get; }

    /// <summary>What it asks of rows as they were on a date, if that is something else.</summary>
    public Predicate? At { get; init; }

    /// <summary>The predicate with one name per value: providers don't agree on lists.</summary>
    public override Condition? Read(string text, ICollection<Fault> faults)
    {
        var values = text.Split(',');
        if (values.Length > Most)
            faults.Add(new("too_many_values", values.Length, Most) { Parameter = Name });
        var wrong = values.Take(Most).Select(Check).OfType<Fault>().Select(fault => fault with { Parameter = Name }).ToList();
        wrong.ForEach(faults.Add);
        if (wrong.Count > 0 || values.Length > Most)
            return null;
        var named = values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select((value, i) => ($"{Name}{i}", value)).ToList();
        var names = string.Join(", ", named.Select(pair => "@" + pair.Item1));
        return Named(new(Predicate.With(names), named.ToDictionary(pair => pair.Item1, pair => (object)pair.value)) { At = At?.With(names) });
    }

    /// <summary>What is wrong with one value, if anything.</summary>
    protected abstract Fault? Check(string value);

    /// <summary>Adds what the condition takes for granted.</summary>
    protected virtual Condition Named(Condition condition) => condition;
}

/// <summary>One or several of a closed set of words.</summary>
internal sealed record ChoiceFilter(string Name, string Description, string Example, Predicate Predicate, IReadOnlyList<string> Allowed)
    : ValuesFilter(Name, Description, Example, Predicate)
{
    protected override OpenApiSchema ValueSchema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. Allowed.Select(value => JsonValue.Create(value))],
    };

    protected override Fault? Check(string value) =>
        Allowed.Contains(value, StringComparer.Ordinal) ? null : Fault.NotAmong("not_allowed", value, Allowed);
}

/// <summary>One or several ids: of the list's own rows, or of the records of a type that they name.</summary>
internal sealed record IdFilter(string Name, string Description, string Example, Predicate Predicate, string? NamedType = null)
    : ValuesFilter(Name, Description, Example, Predicate)
{
    /// <summary>The rows' members that name the records; empty for any.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    protected override int Most => 200;

    protected override OpenApiSchema ValueSchema => new() { Type = JsonSchemaType.String, Pattern = Slug.Pattern, MinLength = 1, MaxLength = Slug.MaxLength };

    protected override Fault? Check(string value) => Slug.IsSlug(value) ? null : new("invalid_id", value);

    protected override Condition Named(Condition condition) =>
        NamedType is null ? condition : condition with { Named = new(this, NamedType, [.. condition.Values.Values.Cast<string>()]) };
}

/// <summary>One or several words of a given form: codes, currencies.</summary>
internal sealed record CodeFilter(string Name, string Description, string Example, Predicate Predicate, string Pattern, int Length)
    : ValuesFilter(Name, Description, Example, Predicate)
{
    protected override OpenApiSchema ValueSchema => new() { Type = JsonSchemaType.String, Pattern = Pattern, MinLength = Length, MaxLength = Length };

    protected override Fault? Check(string value) =>
        value.Length == Length && Rules.Form(Pattern).IsMatch(value) ? null : new("pattern", value, Pattern);
}

/// <summary>
/// The first or last day of a range. Dates known to the month or year only fit if any day that they may mean is in the range; one whose year is not
/// known fits none.
/// </summary>
internal sealed record DayFilter(string Name, string Description, string Example, Predicate Predicate, bool IsEnd) : Filter(Name, Description, Example)
{
    public const string Pattern = "^[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$";

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Pattern = Pattern, MinLength = 4, MaxLength = 10 };

    public override Condition? Read(string text, ICollection<Fault> faults)
    {
        if (PartialDate.TryParse(text, out var date) && (IsEnd ? date.Last : date.First) is { } day)
            return new(Predicate, new Dictionary<string, object> { [Name] = day.ToIso() });
        faults.Add(new("invalid_partial_date", text) { Parameter = Name });
        return null;
    }
}

/// <summary>The least or the greatest of a range of whole numbers.</summary>
internal sealed record NumberFilter(string Name, string Description, string Example, Predicate Predicate) : Filter(Name, Description, Example)
{
    private const long Greatest = 1_000_000_000_000_000;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = "0",
        Maximum = Greatest.ToString(CultureInfo.InvariantCulture),
    };

    public override JsonNode ExampleNode => JsonValue.Create(long.Parse(Example, CultureInfo.InvariantCulture));

    public override Condition? Read(string text, ICollection<Fault> faults)
    {
        // Digits alone: no sign, blank, exponent or foreign digit, which the parser would let pass.
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            faults.Add(new("not_a_number", text) { Parameter = Name });
        else if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > Greatest)
            faults.Add(new("out_of_range", text, 0, Greatest) { Parameter = Name });
        else
            return new(Predicate, new Dictionary<string, object> { [Name] = number });
        return null;
    }
}

/// <summary>The moment since which a record must have changed.</summary>
internal sealed record MomentFilter(string Name, string Description, string Example, Predicate Predicate) : Filter(Name, Description, Example)
{
    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Format = "date-time", Pattern = Moment.Pattern, MinLength = 20, MaxLength = Moment.MaxLength };

    public override Condition? Read(string text, ICollection<Fault> faults)
    {
        if (Moment.Read(text) is { } moment)
            return new(Predicate, new Dictionary<string, object> { [Name] = moment.ToIso() });
        faults.Add(new("invalid_moment", text) { Parameter = Name });
        return null;
    }
}

/// <summary>Words of the records' names, whichever way they are spelled: all of them, each whole.</summary>
internal sealed record NamesFilter(string Type, string Table, string Example) : Filter("q",
    "Records whose names or titles have all of these words; case, tones, diacritics and đ make no difference. `/v1/search` looks everywhere.", Example)
{
    private const int Longest = 200;

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Pattern = ".", MinLength = 1, MaxLength = Longest };

    public override Condition? Read(string text, ICollection<Fault> faults)
    {
        var words = Folding.Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (text.Length > Longest)
            faults.Add(new("too_long", text.Length, Longest) { Parameter = Name });
        else if (words.Length == 0)
            faults.Add(new("no_words") { Parameter = Name });
        else
            return new(
                new(Table, "search_name MATCH @q") { From = "search_name", Number = "search_name.rowid" },
                new Dictionary<string, object> { ["q"] = $"{string.Join(" AND ", words.Select(word => $"\"{word}\""))} AND \"type:{Type}\"" });
        return null;
    }
}
