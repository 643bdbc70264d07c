using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Changes;

/// <summary>What somebody asks of the feed, read and checked.</summary>
internal sealed record FeedQuery(FeedFilter Filter, FeedCursor? Cursor, int Limit, TimeSpan Wait, Condition? Province)
{
    /// <summary>The most changes on a page.</summary>
    public const int MostChanges = 1000;

    private static readonly Predicate None = new("", "");
    private static readonly ChangesLimitParameter Most = new();
    private static readonly WaitParameter Waiting = new();

    private static readonly IdFilter OfProvince = new("provinceId",
        "Only records that name this province, and the province itself. A record that no longer does comes as `remove`, with the reason `filter`.", "thai-binh", None, Units.Type);

    /// <summary>What is followed.</summary>
    public static IReadOnlyList<Parameter> FilterParameters(Catalog catalog) => [OfTypes(catalog), OfProvince];

    /// <summary>All parameters, in the document's order.</summary>
    public static IReadOnlyList<Parameter> Parameters(Catalog catalog) => [.. FilterParameters(catalog), Most, new FeedCursorParameter(), Waiting];

    /// <summary>Reads the query, or throws all of its faults at once. Of the parameters, only the <paramref name="known"/> may be there.</summary>
    public static FeedQuery Read(HttpRequest request, Catalog catalog, IReadOnlyList<Parameter> known, string? cursor = null)
    {
        var faults = new List<Fault>();
        var values = StrictQuery.Read(request, [.. known.Select(parameter => parameter.Name)], faults);
        var types = values.TryGetValue("types", out var named) ? OfTypes(catalog).Read(named, faults) : null;
        var province = values.TryGetValue(OfProvince.Name, out var id) ? OfProvince.Read(id, faults) : null;
        if (province?.Values.Count > 1)
            faults.Add(new("too_many_values", province.Values.Count, 1) { Parameter = OfProvince.Name });
        var filter = new FeedFilter(catalog, types is null ? [] : [.. types.Values.Values.Cast<string>()], province?.Values.Values.Cast<string>().First());
        var place = values.GetValueOrDefault("cursor") ?? cursor;
        var query = new FeedQuery(filter, place is null ? null : FeedCursor.Read(place, filter, faults), Most.Value(values, faults),
            TimeSpan.FromSeconds(Waiting.Value(values, faults)), province);
        return faults.Count == 0 ? query : throw ProblemException.Invalid(faults);
    }

    private static ChoiceFilter OfTypes(Catalog catalog) => new("types", "Only records of these types.", "meetings", None, catalog.Types);
}

/// <summary>How many changes a page has at most.</summary>
internal sealed record ChangesLimitParameter() : CountParameter("limit",
    $"How many changes a page has at most: 1 to {FeedQuery.MostChanges}. It has fewer where a transaction would else be cut, where records are long, and where few of them fit the filter.",
    1, FeedQuery.MostChanges, 500)
{
    public override bool IsOwn => true;
}

/// <summary>How long a change is waited for.</summary>
internal sealed record WaitParameter() : CountParameter("wait", "How many seconds to wait for a change, if there is none behind the cursor yet: 0 to 30.", 0, 30, 0);

/// <summary>Where in the feed to go on.</summary>
internal sealed record FeedCursorParameter() : Parameter("cursor",
    "`next` of the page before, the `cursor` of the head or of an export, as it was given, with the same filter. Without it the feed is told from the oldest change that is kept. The example is of another store.",
    Sample)
{
    private static readonly string Sample = Cursor.Write("changes\n\n", "5f0c2b9a41d7", 499L, 0L, 0L);

    public override bool IsOwn => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Pattern = Resources.Cursor.Pattern,
        MinLength = 1,
        MaxLength = Resources.Cursor.MaxLength,
    };
}
