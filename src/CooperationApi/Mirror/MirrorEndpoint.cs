using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Microsoft.OpenApi;

namespace CooperationApi.Mirror;

/// <summary>`/v1/mirror/digest`: whoever keeps a copy can prove that it is one, and find what isn't right in two requests.</summary>
internal sealed class MirrorEndpoint(Database database, MirrorDigests digests, Answers answers, Catalog catalog)
{
    private readonly ChoiceFilter types = new("types", "Only records of these types.", "meetings", new("", ""), catalog.Types);

    private IReadOnlyList<Parameter> Parameters => field ??= [types, new BucketParameter()];

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var endpoint = v1.ServiceProvider.GetRequiredService<MirrorEndpoint>();
        v1.MapRead("mirror/digest", endpoint.Digest, () => new Operation("readMirrorDigest", "mirror", "Reads what a whole copy must come to.",
            "Per type the number of records and one digest; whoever has the same has the same records, to the byte. Where a digest differs, so do some of the 256 parts into which all records fall; "
            + "with `bucket` the records of one part are told with their revisions and hashes, and what differs is found. How each digest is computed stands with its member, and needs nothing but "
            + "what the feed and the exports send.")
        {
            Answer = typeof(MirrorDigest),
            Example = ("MirrorDigest", Example),
            Owner = "mirror",
            Parameters = endpoint.Parameters,
        });
    }

    private Task Digest(HttpContext context)
    {
        var mark = database.Mark;
        return answers.Serve(context, mark.Text, async () =>
        {
            var faults = new List<Fault>();
            var values = StrictQuery.Read(context.Request, [.. Parameters.Select(parameter => parameter.Name)], faults);
            var asked = values.TryGetValue(types.Name, out var text) ? types.Read(text, faults) : null;
            var part = BucketParameter.Read(values, faults);
            if (faults.Count > 0)
                throw ProblemException.Invalid(faults);
            if (Answers.Known(context.Request, mark.Text) is { } unchanged)
                return unchanged;
            var digest = await digests.Of(asked is null ? [] : [.. asked.Values.Values.Cast<string>()], part, context.RequestAborted);
            return new Answer($"{digest.Epoch}-{digest.Revision}", IsWeak: true, JsonSerializer.SerializeToUtf8Bytes(digest, Wire.Json));
        });
    }

    private static JsonObject Example() => new()
    {
        ["epoch"] = "5f0c2b9a41d7",
        ["revision"] = 499,
        ["types"] = new JsonArray(new JsonObject
        {
            ["type"] = "meetings",
            ["rows"] = 30,
            ["digest"] = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        }),
        ["buckets"] = new JsonArray(new JsonObject
        {
            ["bucket"] = "00",
            ["rows"] = 0,
            ["digest"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        }),
    };
}

/// <summary>One of the parts into which all records fall.</summary>
internal sealed record BucketParameter() : Parameter("bucket", "One part, of which the records are listed: two hexadecimal digits.", "3f")
{
    public const string Pattern = "^[0-9a-f]{2}$";

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Pattern = Pattern, MinLength = 2, MaxLength = 2 };

    /// <summary>The part's number; null for all.</summary>
    public static int? Read(Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (!values.TryGetValue("bucket", out var text))
            return null;
        if (Rules.Form(Pattern).IsMatch(text))
            return int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        faults.Add(new("pattern", text, Pattern) { Parameter = "bucket" });
        return null;
    }
}
