using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Resources;

namespace CooperationApi.Import;

/// <summary>Reads bundles, a record after the other, and finds all faults, each with its pointer: of NDJSON, the line from 0 and what is in it.</summary>
internal sealed class BundleReader(Catalog catalog)
{
    private const int LongestLine = 1_000_000, LongestJson = 100_000_000, BytesAtOnce = 1 << 16;

    private const string Type = "type", Data = "data";

    /// <summary>The records that are without fault.</summary>
    public IAsyncEnumerable<BundledRecord> Read(BundleContent bundle, FaultList faults, CancellationToken cancel)
    {
        bundle.Content.Position = 0;
        return bundle.IsLines ? ReadLines(bundle.Content, faults, cancel) : ReadLists(bundle.Content, faults).ToAsyncEnumerable();
    }

    private IEnumerable<BundledRecord> ReadLists(Stream content, FaultList faults)
    {
        if (content.Length > LongestJson)
        {
            faults.Add(new("bundle_too_long", LongestJson) { Pointer = "" });
            yield break;
        }
        using var bundle = Parse(() => JsonDocument.Parse(content, Shape.Strict), "", faults);
        if (bundle is null)
            yield break;
        if (bundle.RootElement.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new("invalid_json", "A bundle is an object with one list per resource.") { Pointer = "" });
            yield break;
        }
        foreach (var unknown in bundle.RootElement.EnumerateObject().Where(list => catalog.Find(list.Name) is null))
            faults.Add(Fault.NotAmong("unknown_resource", unknown.Name, catalog.Types) with { Pointer = Shape.Under("", unknown.Name) });
        foreach (var resource in catalog.All)
        {
            if (!bundle.RootElement.TryGetProperty(resource.Type, out var list))
                continue;
            if (list.ValueKind != JsonValueKind.Array)
            {
                faults.Add(new("invalid_json", "A list is expected.") { Pointer = "/" + resource.Type });
                continue;
            }
            foreach (var (i, json) in list.EnumerateArray().Index())
            {
                if (RecordOf(resource, json, $"/{resource.Type}/{i}", faults) is { } record)
                    yield return record;
            }
        }
    }

    private async IAsyncEnumerable<BundledRecord> ReadLines(Stream content, FaultList faults, [EnumeratorCancellation] CancellationToken cancel)
    {
        var lines = PipeReader.Create(content, new(bufferSize: BytesAtOnce, leaveOpen: true));
        try
        {
            for (var number = 0L; ;)
            {
                var read = await lines.ReadAsync(cancel);
                var rest = read.Buffer;
                while (NextLine(ref rest, read.IsCompleted, isFirst: number == 0) is { } line)
                {
                    if (line.Length > 0 && OfLine(line, $"/{number}", faults) is { } record)
                        yield return record;
                    number++;
                }
                if (rest.Length > LongestLine)
                {
                    // Whatever this is, it isn't records.
                    faults.Add(new("line_too_long", LongestLine) { Pointer = $"/{number}" });
                    yield break;
                }
                if (read.IsCompleted)
                    yield break;
                lines.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await lines.CompleteAsync();
        }
    }

    /// <summary>Takes the next line off; the last may end without a line feed.</summary>
    private static ReadOnlySequence<byte>? NextLine(ref ReadOnlySequence<byte> rest, bool isAll, bool isFirst)
    {
        var end = rest.PositionOf((byte)'\n');
        if (end is null && (!isAll || rest.IsEmpty))
            return null;
        var line = rest.Slice(0, end ?? rest.End);
        rest = end is null ? rest.Slice(rest.End) : rest.Slice(rest.GetPosition(1, end.Value));
        var reader = new SequenceReader<byte>(line);
        if (isFirst)
            reader.IsNext(Encoding.UTF8.Preamble, advancePast: true);
        reader.AdvancePastAny((byte)' ', (byte)'\t', (byte)'\r');
        return reader.UnreadSequence;
    }

    private BundledRecord? OfLine(ReadOnlySequence<byte> line, string pointer, FaultList faults) =>
        Straight(line) is var (resource, record) ? Valid(resource, record, $"{pointer}/{Data}", faults) : Examined(line, pointer, faults);

    /// <summary>
    /// Reads a line in one go, if it is as most are. The JSON reader stops at the first thing that it doesn't like, and can't say it well: such a line is examined.
    /// </summary>
    private (Resource Resource, Record Record)? Straight(ReadOnlySequence<byte> line)
    {
        var json = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        // Where there is none of these letters there is no null.
        if (json.IndexOf("null"u8) >= 0)
            return null;
        var reader = new Utf8JsonReader(json, Shape.StrictReader);
        try
        {
            var begins = reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(Type)
                && reader.Read() && reader.TokenType == JsonTokenType.String;
            if (!begins || catalog.Find(reader.GetString()!) is not { } resource)
                return null;
            if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(Data) || !reader.Read())
                return null;
            var record = resource.Parse(ref reader);
            return reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read() ? (resource, record) : null;
        }
        catch (Exception exception) when (Shape.IsUnreadable(exception))
        {
            return null;
        }
    }

    private BundledRecord? Examined(ReadOnlySequence<byte> line, string pointer, FaultList faults)
    {
        using var json = Parse(() => JsonDocument.Parse(line, Shape.Strict), pointer, faults);
        if (json is null)
            return null;
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new("invalid_json", $"A line is an object with {Type} and {Data}.") { Pointer = pointer });
            return null;
        }
        var before = faults.Count;
        foreach (var unknown in json.RootElement.EnumerateObject().Where(member => member.Name is not (Type or Data)))
            faults.Add(new("unknown_member", unknown.Name) { Pointer = Shape.Under(pointer, unknown.Name), Suggestion = Nearest.To(unknown.Name, [Type, Data]) });
        if (!json.RootElement.TryGetProperty(Type, out var type) || !json.RootElement.TryGetProperty(Data, out var data))
        {
            faults.Add(new("members_missing", $"{Type}, {Data}") { Pointer = pointer });
            return null;
        }
        if (type.ValueKind != JsonValueKind.String || catalog.Find(type.GetString()!) is not { } resource)
        {
            faults.Add(Fault.NotAmong("unknown_resource", type.ToString(), catalog.Types) with { Pointer = $"{pointer}/{Type}" });
            return null;
        }
        return RecordOf(resource, data, $"{pointer}/{Data}", faults) is { } record && faults.Count == before ? record : null;
    }

    private static JsonDocument? Parse(Func<JsonDocument> parse, string pointer, FaultList faults)
    {
        try
        {
            return parse();
        }
        catch (Exception exception) when (Shape.IsUnreadable(exception))
        {
            faults.Add(Shape.Unreadable(exception, pointer));
            return null;
        }
    }

    private static BundledRecord? RecordOf(Resource resource, JsonElement json, string pointer, FaultList faults)
    {
        try
        {
            return Valid(resource, resource.Parse(json), pointer, faults);
        }
        catch (Exception exception) when (Shape.IsUnreadable(exception))
        {
            var named = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("id", out var id) ? Named(resource, id.GetRawText().Trim('"')) : null;
            foreach (var fault in Shape.FaultsOf(json, resource.RecordType, exception, pointer))
                faults.Add(fault with { Record = named });
            return null;
        }
    }

    private static BundledRecord? Valid(Resource resource, Record record, string pointer, FaultList faults)
    {
        var failures = resource.Validate(record);
        foreach (var failure in failures)
            faults.Add(Rules.FaultOf(failure, pointer) with { Record = Named(resource, record.Id) });
        return failures.Count > 0 ? null : new(resource, record, pointer);
    }

    private static string? Named(Resource resource, string id) => Slug.IsSlug(id) ? $"{resource.Type}/{id}" : null;
}

/// <summary>A record of a bundle, its resource, and where it stood.</summary>
internal sealed record BundledRecord(Resource Resource, Record Record, string Pointer);
