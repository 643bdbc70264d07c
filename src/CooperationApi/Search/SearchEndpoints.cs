using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Microsoft.OpenApi;

namespace CooperationApi.Search;

/// <summary>`/v1/search`: records of every type by the words in them.</summary>
internal sealed class SearchEndpoints(Database database, SearchStore search, ResourceStore store, Answers answers, Catalog catalog, FoundingContent content)
{
    // What the index itself is asked for.
    private static readonly Predicate None = new("search_row", "");

    private readonly Filter types = new ChoiceFilter("types", "Only records of these types.", "results", None, catalog.Types);
    private readonly IdFilter province = new("provinceId", "Only what names this province, and the province itself.", "thai-binh", None, "provinces");
    private readonly Filter pillar = new ChoiceFilter("pillar", "Only groups of cooperation of this pillar, and what belongs to one.", nameof(Pillar.SocioEconomic),
        None, Enum.GetNames<Pillar>());
    private readonly Filter from = new DayFilter("from", "Only what is about this date or later: a year, a month or a day.", "2015", None, IsEnd: false);
    private readonly Filter to = new DayFilter("to", "Only what is about this date or earlier: a year, a month or a day.", "2026-12-31", None, IsEnd: true);

    private IReadOnlyList<Parameter> Parameters => field ??=
        [new WordsParameter(), types, province, pillar, from, to, new SuggestParameter(), new LimitParameter(), new CursorParameter(),
        new FormatParameter(), new ProfileParameter()];

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var endpoints = v1.ServiceProvider.GetRequiredService<SearchEndpoints>();
        v1.MapRead("search", endpoints.Search, () => new Operation("search", "search", "Searches everything.",
            "Finds records by the words in them, quotes of citations included. Case, tones, diacritics and đ make no difference, but who types diacritics finds "
            + "what is written so first. All words must be there; words in \"quotes\" as a phrase; the last one may be the beginning of a word. Nothing that is "
            + "typed is syntax. An equal title comes first, then exact diacritics, then words in names, then bm25 without the words' rarity; equal ones by id.")
        {
            Answer = typeof(SearchPage),
            Example = ("SearchPage", endpoints.Example),
            Parameters = endpoints.Parameters,
            IsPage = true,
            IsFile = true,
        });
    }

    private Task Search(HttpContext context)
    {
        var mark = database.Mark;
        return answers.Serve(context, mark.Text, async () =>
        {
            var (query, named, format, binding) = Read(context.Request);
            if (format == Format.Json && Answers.Known(context.Request, mark.Text) is { } unchanged)
                return unchanged;
            await store.CheckNamed(named, context.RequestAborted);
            if (format != Format.Json)
            {
                return Download.Of(context, mark.Text, format, new("search", Column.Of(typeof(SearchHit)), (use, cancel) => search.ReadAll(query,
                    (found, record) => new(found.Id, JsonSerializer.SerializeToUtf8Bytes(Hit(found, record, query.Terms), Wire.Json)), use, cancel)));
            }
            var page = await search.Find(query, context.RequestAborted);
            var next = page.Next is var (rank, place) ? Cursor.Write(binding, rank, place) : null;
            var body = Bodies.Of(new SearchPage
            {
                Items = [.. page.Rows.Select(row => Hit(row.Found, row.Record, query.Terms))],
                Next = next,
                Revision = page.Mark.Revision,
                Facets = [.. page.Facets.Select(facet => new TypeCount { Type = facet.Type, Count = facet.Count, OrMore = facet.OrMore ? true : null })],
                Ranked = page.IsWhole ? "whole" : "partial",
            });
            return new Answer(page.Mark.Text, IsWeak: true, body) { NextPage = next is null ? null : StrictQuery.WithCursor(context.Request, next) };
        }, Format.MediaTypes);
    }

    private (SearchQuery Query, IReadOnlyList<Condition> Named, Format Format, string Binding) Read(HttpRequest request)
    {
        var faults = new List<Fault>();
        var values = StrictQuery.Read(request, [.. Parameters.Select(parameter => parameter.Name)], faults);
        var terms = WordsParameter.Read(values, faults);
        Condition? Given(Filter filter) => values.TryGetValue(filter.Name, out var text) ? filter.Read(text, faults) : null;
        var (ofTypes, ofProvinces, ofPillars, since, until) = (Given(types), Given(province), Given(pillar), Given(from), Given(to));
        ListQuery.CheckRange([.. new[] { since, until }.OfType<Condition>()], faults);
        var (limit, suggest) = (LimitParameter.Read(values, faults), SuggestParameter.Read(values, faults));
        var binding = string.Join('\n', [.. values.Where(value => value.Key is not ("cursor" or "limit" or "format")).OrderBy(value => value.Key, StringComparer.Ordinal)
            .Select(value => $"{value.Key}={value.Value}").Prepend("search")]);
        var after = values.TryGetValue("cursor", out var cursor) ? Cursor.Read(cursor, binding, values: 2, faults) : null;
        if (after is not (null or [long, string]))
            faults.Add(new("cursor_invalid") { Parameter = "cursor" });
        var format = FormatParameter.Read(request, values, faults);
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
        var query = new SearchQuery
        {
            Terms = terms!,
            Types = Values(ofTypes),
            ProvinceIds = Values(ofProvinces),
            Pillars = Values(ofPillars),
            From = Values(since).SingleOrDefault(),
            To = Values(until).SingleOrDefault(),
            Suggest = suggest,
            Limit = limit,
            After = after is [long rank, string place] ? (rank, place) : null,
        };
        return (query, [.. new[] { ofProvinces }.OfType<Condition>()], format, binding);

        static IReadOnlyList<string> Values(Condition? condition) => [.. condition?.Values.Values.Cast<string>() ?? []];
    }

    /// <summary>The page that has the example of results alone.</summary>
    private JsonObject? Example()
    {
        var resource = catalog["results"];
        if (content.Example(resource) is not { } json)
            return null;
        var record = resource.Parse(JsonSerializer.SerializeToElement(json));
        var entry = resource.Change(record).Search;
        var found = new Found { Number = 1, Type = resource.Type, Id = record.Id, NameKey = entry.NameKey, Names = entry.Names, Texts = entry.Texts };
        return JsonSerializer.SerializeToNode(new SearchPage
        {
            Items = [Hit(found, record, SearchTerms.Read(WordsParameter.Sample))],
            Revision = 1,
            Facets = [new TypeCount { Type = resource.Type, Count = 1 }],
            Ranked = "whole",
        }, Wire.Json)!.AsObject();
    }

    private SearchHit Hit(Found found, StoredRecord stored, SearchTerms terms) => Hit(found, catalog[found.Type].Read(stored.Body), terms);

    private SearchHit Hit(Found found, Record record, SearchTerms terms)
    {
        var resource = catalog[found.Type];
        return new()
        {
            Type = found.Type,
            Id = found.Id,
            Title = resource.TitleOf(record),
            Link = $"/v1/{found.Type}/{found.Id}",
            Snippet = Snippets.Of(found, terms),
            Citation = (record as CitedRecord)?.Citations.FirstOrDefault(citation =>
                citation.Quote is { } quote && Folding.Fold(quote) is var folded && terms.All.All(term => term.IsIn(folded))),
        };
    }
}

/// <summary>What is searched for.</summary>
internal sealed record WordsParameter() : Parameter("q", $"What is searched for: words, and phrases in quotes; {Longest} characters and {Most} words at most.", Sample)
{
    /// <summary>An example that finds something.</summary>
    public const string Sample = "an sinh xã hội";

    private const int Longest = 200, Most = 20;

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Longest, Pattern = "." };

    public override bool IsRequired => true;

    public static SearchTerms? Read(Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (!values.TryGetValue("q", out var text))
        {
            if (!faults.Any(fault => fault.Parameter == "q"))
                faults.Add(new("parameter_missing") { Parameter = "q" });
            return null;
        }
        if (text.Length > Longest)
        {
            faults.Add(new("too_long", text.Length, Longest) { Parameter = "q" });
            return null;
        }
        var terms = SearchTerms.Read(text);
        if (terms.All.Count == 0)
            faults.Add(new("no_words") { Parameter = "q" });
        if (terms.All.Count > Most)
            faults.Add(new("too_many_values", terms.All.Count, Most) { Parameter = "q" });
        return terms;
    }
}

/// <summary>Whether somebody is still typing.</summary>
internal sealed record SuggestParameter() : Parameter("suggest", "Whether to look at titles and names only, as fast as somebody types; `facets` are then left empty.", "true")
{
    private static readonly string[] Words = ["true", "false"];

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) };

    public override JsonNode ExampleNode => JsonValue.Create(true);

    public static bool Read(Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (values.TryGetValue("suggest", out var text) && !Words.Contains(text))
            faults.Add(Fault.NotAmong("not_allowed", text, Words) with { Parameter = "suggest" });
        return text == "true";
    }
}
