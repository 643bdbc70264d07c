using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Formats;
using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.Resources;

/// <summary>What a list is asked for, read and checked.</summary>
internal sealed record ListQuery
{
    public required IReadOnlyList<Condition> Conditions { get; init; }

    public required Sort Sort { get; init; }

    public required int Limit { get; init; }

    /// <summary>The sort values of the row before the page.</summary>
    public IReadOnlyList<object>? After { get; init; }

    public bool Total { get; init; }

    public DateOnly? At { get; init; }

    /// <summary>The units of today that the list answers for; null if the province that it stands under stands for itself.</summary>
    public Units? Units { get; init; }

    public IReadOnlyList<string>? Fields { get; init; }

    public Expansion? Expansion { get; init; }

    public required Format Format { get; init; }

    /// <summary>What a cursor of this list is bound to: everything that decides which rows come in which order.</summary>
    public required string Binding { get; init; }

    /// <summary>Reads the query of a list, or throws all of its faults at once.</summary>
    public static ListQuery Read(HttpRequest request, Resource resource, Condition? parent, SubList? sub, DateOnly today)
    {
        var faults = new List<Fault>();
        var filters = resource.Filters.Where(filter => filter.Name != sub?.Filter).ToList();
        var values = StrictQuery.Read(request, [.. ParametersOf(resource, sub).Select(parameter => parameter.Name)], faults);
        var units = UnitParameter.Read(values, parent, faults);
        var conditions = filters
            .Select(filter => values.TryGetValue(filter.Name, out var text) ? filter.Read(text, faults) : null)
            .Append(units?.Condition ?? parent).OfType<Condition>().ToList();
        CheckRange(conditions, faults);
        var sort = SortParameter.Read(resource, values, faults);
        var at = AtParameter.Read(values, today, faults);
        // All values are canonical by now, and their order is that of the resource: equal lists have equal bindings.
        var binding = string.Join('\n', [resource.Type, sort.Word, at?.ToIso() ?? "", .. units is null ? Array.Empty<string>() : ["current"],
            .. conditions.SelectMany(condition => condition.Values.Select(value => $"{value.Key}={value.Value}"))]);
        var query = new ListQuery
        {
            Conditions = conditions,
            Units = units,
            Sort = sort,
            Limit = LimitParameter.Read(values, faults),
            Total = TotalParameter.Read(values, faults),
            At = at,
            Fields = FieldsParameter.Read(resource, values, faults),
            Expansion = Expansion.Read(resource, values, faults),
            Format = FormatParameter.Read(request, values, faults),
            Binding = binding,
            After = values.TryGetValue("cursor", out var cursor) ? Cursor.Read(cursor, binding, values: 2, faults) : null,
        };
        return faults.Count == 0 ? query : throw ProblemException.Invalid(faults);
    }

    /// <summary>The parameters that a list takes: under a parent all but the filter that the parent stands for, and under a province for which unit it does.</summary>
    public static IReadOnlyList<Parameter> ParametersOf(Resource resource, SubList? sub) => sub is null ? resource.ListParameters :
    [
        .. sub.ParentType == Units.Type ? [new UnitParameter()] : Array.Empty<Parameter>(),
        .. resource.ListParameters.Where(parameter => parameter.Name != sub.Filter),
    ];

    /// <summary>A range that ends before it begins is a fault, not an empty list.</summary>
    public static void CheckRange(IEnumerable<Condition> conditions, ICollection<Fault> faults)
    {
        var values = conditions.SelectMany(condition => condition.Values).ToDictionary();
        if (values.GetValueOrDefault("from") is string from && values.GetValueOrDefault("to") is string to && string.CompareOrdinal(from, to) > 0)
            faults.Add(new("range_reversed", from, to) { Parameter = "from" });
        if (values.GetValueOrDefault("amountFrom") is long least && values.GetValueOrDefault("amountTo") is long most && least > most)
            faults.Add(new("range_reversed", least, most) { Parameter = "amountFrom" });
    }
}

/// <summary>The order of a list.</summary>
internal sealed record SortParameter(Resource Resource) : Parameter("sort",
    $"The order; `-` before the word turns it round, equal values are ordered by `id`. Names sort in Vietnamese order, missing values first. Without it: `{Resource.Sorts[0].Word}`.",
    Resource.Sorts[0].Word)
{
    public override bool IsOwn => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. Words(Resource).Select(word => JsonValue.Create(word))],
        Default = JsonValue.Create(Resource.Sorts[0].Word),
    };

    public static Sort Read(Resource resource, Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (!values.TryGetValue("sort", out var word))
            return resource.Sorts[0];
        var sort = AllSorts(resource).FirstOrDefault(sort => sort.Name == word.TrimStart('-'));
        if (sort is not null && Words(resource).Contains(word))
            return sort with { Descending = word[0] == '-' };
        faults.Add(Fault.NotAmong("not_allowed", word, Words(resource)) with { Parameter = "sort" });
        return resource.Sorts[0];
    }

    private static IEnumerable<Sort> AllSorts(Resource resource) => resource.Sorts.Append(new("id", "id"));

    private static List<string> Words(Resource resource) => [.. AllSorts(resource).SelectMany(sort => new[] { sort.Name, "-" + sort.Name })];
}

/// <summary>The size of a page.</summary>
internal sealed record LimitParameter() : CountParameter("limit", $"How many rows a page has at most: 1 to {Most}; {Usual} without it.", 1, Most, Usual)
{
    public new const int Usual = 50, Most = 200;

    private static readonly LimitParameter Limit = new();

    public static int Read(Dictionary<string, string> values, ICollection<Fault> faults) => Limit.Value(values, faults);
}

/// <summary>Where a page begins.</summary>
internal sealed record CursorParameter() : Parameter("cursor",
    "Where the page begins: `next` of the page before, as it was given, with the same filters and order. The example is one of `/v1/meetings`.",
    Sample)
{
    private static readonly string Sample = Cursor.Write("meetings\n-heldOn\n", "2019-10-26", "hoi-nghi-ha-noi-thai-binh-2019-10-26");

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Pattern = Cursor.Pattern, MinLength = 1, MaxLength = Cursor.MaxLength };
}

/// <summary>Whether the rows are counted.</summary>
internal sealed record TotalParameter() : Parameter("total", "Whether to count the rows of the whole list; the count is exact, and costs a query more.", "true")
{
    private static readonly string[] Words = ["true", "false"];

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) };

    public override JsonNode ExampleNode => JsonValue.Create(true);

    public static bool Read(Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (!values.TryGetValue("total", out var text))
            return false;
        if (!Words.Contains(text))
            faults.Add(Fault.NotAmong("not_allowed", text, Words) with { Parameter = "total" });
        return text == "true";
    }
}

/// <summary>The date whose state of affairs is asked for.</summary>
internal sealed record AtParameter() : Parameter("at",
    "The day whose state of affairs is asked for, from 2008-08-01 to today: provinces as they were that day; of officials the posts that a source shows for that day.",
    "2019-10-26")
{
    /// <summary>The first day that the record covers: the enlargement of Hà Nội.</summary>
    public static readonly DateOnly Covered = new(2008, 8, 1);

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Format = "date", MinLength = 10, MaxLength = 10 };

    public static DateOnly? Read(Dictionary<string, string> values, DateOnly today, ICollection<Fault> faults)
    {
        if (!values.TryGetValue("at", out var text))
            return null;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            faults.Add(new("invalid_date", text) { Parameter = "at" });
        else if (at < Covered || at > today)
            faults.Add(new("outside_covered_time", text, Covered.ToIso(), today.ToIso()) { Parameter = "at" });
        return at;
    }
}

/// <summary>The members that are wanted.</summary>
internal sealed record FieldsParameter(Resource Resource) : Parameter("fields",
    "The members of a record to send, with commas between; the others are left out, even those that a record must have. Without it, all.",
    string.Join(',', Resource.Members.Take(3).Where(member => member != "revision")))
{
    public override bool IsOwn => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Resource.Members.Select(member => JsonValue.Create(member))] },
        MinItems = 1,
        MaxItems = Resource.Members.Count,
    };

    public override JsonNode ExampleNode => new JsonArray([.. Example.Split(',').Select(member => JsonValue.Create(member))]);

    public static IReadOnlyList<string>? Read(Resource resource, Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (!values.TryGetValue("fields", out var text))
            return null;
        var asked = text.Split(',');
        foreach (var unknown in asked.Except(resource.Members))
            faults.Add(Fault.NotAmong("not_allowed", unknown, resource.Members) with { Parameter = "fields" });
        return asked;
    }
}
