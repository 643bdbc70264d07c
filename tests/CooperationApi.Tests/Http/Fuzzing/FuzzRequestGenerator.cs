using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Queries;
using CsCheck;

namespace CooperationApi.Tests.Http.Fuzzing;

/// <summary>
/// Generates requests from the document: every operation, with valid, mutated and invalid values at every place. Records are drawn from a
/// few ids, so that a sequence of requests creates, reads, changes, merges, deletes and redacts the same records.
/// </summary>
internal sealed class FuzzRequestGenerator(OpenApiSpec document)
{
    // Replaced by a lone surrogate after the serialization, because .NET writes U+FFFD instead.
    private const string LoneSurrogate = "LONESURROGATE";

    private static readonly string[] RecordIds = ["thu-mot", "thu-hai", "thu-ba"];

    private static readonly string[] UnusualTexts =
    [
        "", " ", "0", "-1", "1e400", "9223372036854775808", "NaN", "null", "true", "*", ",", "'", "\"", "\\", "%", "..", "<script>",
        "' OR 1=1 --", "Đà Nẵng", "Đà Nẵng".Normalize(NormalizationForm.FormD), "٥", "😀", "\u202E", "\u200B", "\uFEFF", "\u0000",
        "\u00A0", "\uFFFE", "2019-02-30", "26/10/2019", "9999-12-31", LoneSurrogate, new('a', 5000), new('ế', 1200),
    ];

    // Percent-encoded bytes that are not UTF-8: a lone surrogate, an overlong encoding, and single bytes.
    private static readonly string[] InvalidEncodings = ["%ED%A0%80", "%C0%AF", "%FF", "%80", "%", "%zz", "%00"];

    // Raw bytes in a header, which Kestrel reads as Latin-1 or rejects.
    private static readonly string[] UnusualHeaderValues =
        ["", "*", "\"", "\"x", "W/\"x-1\"", "\"x-1\", \"x-2\"", "return=minimal", "bytes=0-", "bytes=5-1", "\u00FF\u00FE", "a,b;q=9", "vi",
        new('x', 3000)];

    private static readonly byte[][] InvalidBytes = [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0x00], [0xEF, 0xBB, 0xBF], [0xFE, 0xFF]];

    private static readonly Gen<string> Text =
        Gen.Frequency((3, Gen.OneOf(UnusualTexts)), (1, Gen.String[Gen.Char['\u0001', '\uD7FF'], 0, 40]), (1, Gen.String.AlphaNumeric));

    private static readonly Gen<JsonNode?> Json = Gen.Recursive<JsonNode?>((depth, nested) => depth > 3 ? Scalar
        : Gen.Frequency(
            (6, Scalar),
            (1, nested.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]))),
            (1, Gen.Select(Text, nested).Array[0, 3].Select(members => (JsonNode?)new JsonObject(
                members.DistinctBy(member => member.Item1)
                    .Select(member => KeyValuePair.Create(member.Item1, member.Item2?.DeepClone())))))));

    private static Gen<JsonNode?> Scalar => Gen.Frequency(
        (4, Text.Select(text => (JsonNode?)text)),
        (2, Gen.OneOf("0", "-1", "1.5", "1e400", "1E-30", "9223372036854775808", "79228162514264337593543950336", "2147483648")
            .Select(number => JsonNode.Parse(number))),
        (1, Gen.Const((JsonNode?)null)),
        (1, Gen.Bool.Select(value => (JsonNode?)value)));

    private readonly ExampleRecords examples = new(document);

    /// <summary>
    /// Creates sequences of requests: of all operations, or of the operations of one record type with the imports, which change the same
    /// records more often.
    /// </summary>
    public Gen<FuzzRequest[]> CreateSequence(int length)
    {
        var operations = document.Operations.ToArray();
        var ofOneType = examples.Types
            .Select(type => operations.Where(operation => operation.Collection == type || operation.Id == "importBundle").ToArray());
        return Gen.Frequency((1, Gen.Const(operations)), (1, Gen.OneOf([.. ofOneType])))
            .SelectMany(selected => Gen.OneOf(selected).SelectMany(CreateRequest).Array[length]);
    }

    private Gen<FuzzRequest> CreateRequest(OpenApiSpec.Operation operation) =>
        Gen.OneOf(RecordIds).SelectMany(id => Gen.Select(
            CreatePath(operation, id), CreateQuery(operation), CreateHeaders(operation), CreateBody(operation, id),
            (path, query, headers, body) => new FuzzRequest(operation, query.Length == 0 ? path : $"{path}?{query}",
                body is null ? headers : [.. headers, $"Content-Type: {body.Value.MediaType}"], body?.Bytes)));

    private static Gen<string> CreatePath(OpenApiSpec.Operation operation, string id) =>
        Combine(operation.Parameters.Where(parameter => parameter.In == "path").Select(parameter =>
            Gen.Frequency(
                (12, Gen.Const(parameter.Name == "recordId" ? id : (string)parameter.Example!)),
                (3, Gen.OneOf(RecordIds)),
                (12, Gen.Const((string)parameter.Example!)),
                (1, Text.Select(Escape)),
                (1, Gen.OneOf(InvalidEncodings)))
                .Select(value => (parameter.Name, Value: value.Length == 0 ? "x" : value))))
            .Select(values => values.Aggregate(operation.Path,
                (path, value) => path.Replace($"{{{value.Name}}}", value.Value, StringComparison.Ordinal)));

    private static Gen<string> CreateQuery(OpenApiSpec.Operation operation)
    {
        var known = operation.Parameters.Where(parameter => parameter.In == "query").Select(parameter => Gen.Frequency(
            (parameter.IsRequired ? 0 : 40, Gen.Const("")),
            (8, Gen.Const(parameter.ExampleQuery)),
            (1, CreateValue(parameter).Select(value => $"{parameter.Name}={value}"))));
        var unknown = Gen.Frequency((30, Gen.Const("")),
            (1, Gen.Select(Text, Text, (name, value) => $"{Escape(name)}={Escape(value)}")), (1, Gen.OneOf(InvalidEncodings)));
        return Combine(known.Append(unknown)).Select(pairs => string.Join('&', pairs.Where(pair => pair.Length > 0)));
    }

    private static Gen<string> CreateValue(OpenApiSpec.Parameter parameter) => parameter.Name switch
    {
        "cursor" => CreateCursor(),
        // A valid number would make the request wait.
        "wait" => Gen.OneOf("0", "31", "-1", "x"),
        _ => Gen.Frequency((2, Text.Select(Escape)), (1, Gen.OneOf(InvalidEncodings)), (1, Gen.OneOf(RecordIds)),
            (1, Gen.Int.Select(number => $"{number}")), (1, Gen.Const($"{Uri.EscapeDataString($"{parameter.Example}")},"))),
    };

    /// <summary>Creates cursors of other lists and positions, with a valid checksum, and damaged ones.</summary>
    private static Gen<string> CreateCursor() =>
        Gen.Select(Gen.OneOf("meetings\n-heldOn\n", "changes\n\n", "timeline", "keys", ""),
            Gen.OneOf<object>(
                Text.Select(text => (object)text.Replace(LoneSurrogate, "\uFFFD", StringComparison.Ordinal)),
                Gen.Long.Select(number => (object)number)).Array[0, 4],
            Gen.Int[0, 3],
            (scope, values, damage) =>
            {
                var cursor = PageCursor.Encode(scope, values);
                return damage == 0 ? cursor[..^1] : damage == 1 ? cursor + "A" : cursor;
            });

    private static Gen<IReadOnlyList<string>> CreateHeaders(OpenApiSpec.Operation operation)
    {
        var parameters = operation.Parameters.Where(parameter => parameter.In == "header").ToList();
        // A write has one precondition: `If-Match` with a version of the record, or `If-None-Match` for a new record.
        var preconditions = parameters
            .Where(parameter => operation.Method != "GET" && parameter.Name is ("If-Match" or "If-None-Match")).ToArray();
        var headers = parameters.Except(preconditions).Select(parameter => CreateHeader(parameter, absentWeight: 20))
            .Append(Gen.Frequency((40, Gen.Const("")), (1, Gen.OneOf(UnusualHeaderValues).Select(value => $"Accept: {value}"))));
        if (preconditions.Length > 0)
            headers = headers.Append(Gen.OneOf(preconditions).SelectMany(parameter => CreateHeader(parameter, absentWeight: 1)));
        return Combine(headers).Select(lines => (IReadOnlyList<string>)[.. lines.Where(line => line.Length > 0)]);
    }

    private static Gen<string> CreateHeader(OpenApiSpec.Parameter parameter, int absentWeight) => Gen.Frequency(
        (absentWeight, Gen.Const("")),
        (10, Gen.Const($"{parameter.Name}: {parameter.Example}")),
        (1, Gen.OneOf(UnusualHeaderValues).Select(value => $"{parameter.Name}: {value}")));

    /// <summary>
    /// Creates a body: the example, or a copy of it with the id of the path, after up to three mutations of its JSON and one of its bytes.
    /// </summary>
    private Gen<(string MediaType, byte[] Bytes)?> CreateBody(OpenApiSpec.Operation operation, string id)
    {
        if (operation.ExampleBody is not { } example)
            return Gen.Const(((string MediaType, byte[] Bytes)?)null);
        var record = operation switch
        {
            { Id: "importBundle" } => Gen.OneOf([.. examples.Types])
                .Select(type => (JsonNode)new JsonObject { [type] = new JsonArray(examples.CreateCopy(type, id, " (sửa)")) }),
            { Method: "PUT" or "PATCH" } when example is JsonObject =>
                Gen.OneOf("", " (sửa)").Select(suffix => (JsonNode)examples.CreateCopy(operation.Collection, id, suffix)),
            _ => Gen.Const(example).Select(body => body.DeepClone()),
        };
        var mutations = Gen.Frequency((2, Gen.Const(0)), (3, Gen.Int[1, 3]))
            .SelectMany(count => Gen.Select(Gen.Int[0, 500], Gen.Int[0, 5], Text, Json).Array[count]);
        var byteMutation = Gen.Frequency((9, Gen.Const(((double, byte[])?)null)),
            (1, Gen.Select(Gen.Double.Unit, Gen.OneOf(InvalidBytes)).Select(pair => ((double, byte[])?)pair)));
        var mediaType = Gen.Frequency((15, Gen.Const(operation.ExampleBodyType)), (1, Gen.OneOf([.. operation.BodyTypes])),
            (1, Gen.OneOf("text/html", "application/json; charset=utf-16", "x", "application/json; charset=\"utf-8\"")));
        return Gen.Select(record, mutations, byteMutation, mediaType, (body, changes, insertion, type) =>
        {
            var bytes = Encoding.UTF8.GetBytes(body is JsonValue text && operation.ExampleBodyType == "text/plain"
                ? (string)text! : Serialize(changes.Aggregate((JsonNode?)body, (node, change) => Mutate(node, change))));
            if (insertion is var (position, inserted))
                bytes = [.. bytes[..(int)(position * bytes.Length)], .. inserted, .. bytes[(int)(position * bytes.Length)..]];
            return ((string MediaType, byte[] Bytes)?)(type, bytes);
        });
    }

    /// <summary>Creates one value with each generator.</summary>
    private static Gen<T[]> Combine<T>(IEnumerable<Gen<T>> generators) =>
        generators.Aggregate(Gen.Const(Array.Empty<T>()),
            (list, item) => Gen.Select(list, item, (values, value) => values.Append(value).ToArray()));

    /// <summary>Removes, replaces, adds or repeats a value at a place of the JSON.</summary>
    private static JsonNode? Mutate(JsonNode? root, (int Place, int Kind, string Name, JsonNode? Value) mutation)
    {
        var (place, kind, name, value) = mutation;
        var containers = FindContainers(root).ToList();
        if (containers.Count == 0 || kind == 0)
            return kind == 0 && place % 10 == 0 ? value?.DeepClone() : root;
        switch (containers[place % containers.Count])
        {
            case JsonObject members when kind == 1 || members.Count == 0:
                members[name] = value?.DeepClone();
                break;
            case JsonObject members when kind == 2:
                members.RemoveAt(place % members.Count);
                break;
            case JsonObject members:
                members[members.ElementAt(place % members.Count).Key] = value?.DeepClone();
                break;
            case JsonArray items when kind == 1 || items.Count == 0:
                items.Add(value?.DeepClone());
                break;
            case JsonArray items when kind == 2:
                items.RemoveAt(place % items.Count);
                break;
            case JsonArray items when kind == 3:
                items.Add(items[place % items.Count]?.DeepClone());
                break;
            case JsonArray items:
                items[place % items.Count] = value?.DeepClone();
                break;
        }
        return root;
    }

    private static IEnumerable<JsonNode> FindContainers(JsonNode? node) => node switch
    {
        JsonObject members => members.Select(member => member.Value).SelectMany(FindContainers).Prepend(node),
        JsonArray items => items.SelectMany(FindContainers).Prepend(node),
        _ => [],
    };

    private static string Serialize(JsonNode? body) =>
        JsonSerializer.Serialize(body).Replace(LoneSurrogate, "\\uD800", StringComparison.Ordinal);

    private static string Escape(string text) => text.Length == 0 || text == LoneSurrogate ? "%ED%A0%80" : Uri.EscapeDataString(text);
}
