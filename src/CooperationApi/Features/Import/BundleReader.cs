using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Resources.Validation;
using CooperationApi.Text;

namespace CooperationApi.Features.Import;

/// <summary>
/// Reads bundles entry by entry and collects all errors with their pointers. A pointer into NDJSON begins with the line index, from 0.
/// </summary>
internal sealed class BundleReader(ResourceCatalog catalog)
{
    private const int MaxLineBytes = 1_000_000, MaxJsonBytes = 100_000_000, BufferSize = 1 << 16;

    private const string TypeMember = "type", DataMember = "data";

    // The name of the list with additions; in NDJSON, the type of their lines.
    private const string Additions = "additions";

    private static readonly RecordAdditionValidator AdditionValidator = new();

    // The types of records that can be extended.
    private readonly IReadOnlyList<string> citedTypes =
        [.. catalog.All.Where(resource => resource.RecordType.IsSubclassOf(typeof(CitedRecord))).Select(resource => resource.Type)];

    private IReadOnlyList<string> ListNames => field ??= [.. catalog.Types, Additions];

    /// <summary>Returns the valid entries and adds the errors of the others to <paramref name="errors"/>.</summary>
    public IAsyncEnumerable<BundleEntry> Read(BundleStream bundle, RequestErrors errors, CancellationToken cancel)
    {
        bundle.Content.Position = 0;
        return bundle.IsNdjson ? ReadLines(bundle.Content, errors, cancel) : ReadLists(bundle.Content, errors).ToAsyncEnumerable();
    }

    private IEnumerable<BundleEntry> ReadLists(Stream content, RequestErrors errors)
    {
        if (content.Length > MaxJsonBytes)
        {
            errors.Add(new("bundle_too_long", MaxJsonBytes) { Pointer = "" });
            yield break;
        }
        var bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        using var document = StrictJson.TryParse(bytes, errors);
        if (document is null)
            yield break;
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("bundle_not_object") { Pointer = "" });
            yield break;
        }
        foreach (var unknownList in document.RootElement.EnumerateObject().Where(list => !ListNames.Contains(list.Name)))
            errors.Add(
                RequestError.NotOneOf("unknown_resource", unknownList.Name, ListNames) with
                {
                    Pointer = StrictJson.AppendPointer("", unknownList.Name),
                });
        foreach (var name in ListNames)
        {
            if (!document.RootElement.TryGetProperty(name, out var list))
                continue;
            if (list.ValueKind != JsonValueKind.Array)
            {
                errors.Add(RequestError.ListRequired(hasObjects: true) with { Pointer = "/" + name });
                continue;
            }
            foreach (var (i, json) in list.EnumerateArray().Index())
            {
                if (ParseEntry(name, json, $"/{name}/{i}", errors) is { } entry)
                    yield return entry;
            }
        }
    }

    private async IAsyncEnumerable<BundleEntry> ReadLines(Stream content, RequestErrors errors,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var lines = PipeReader.Create(content, new(bufferSize: BufferSize, leaveOpen: true));
        try
        {
            for (var lineNumber = 0L; ;)
            {
                var result = await lines.ReadAsync(cancel);
                var buffer = result.Buffer;
                while (ReadNextLine(ref buffer, result.IsCompleted, isFirst: lineNumber == 0) is { } line)
                {
                    if (!IsBlank(line) && ParseLine(line, lineNumber, errors) is { } entry)
                        yield return entry;
                    lineNumber++;
                }
                if (buffer.Length > MaxLineBytes)
                {
                    // No entry is this long: the content is not NDJSON, so the reader stops.
                    errors.Add(new("line_too_long", MaxLineBytes) { Pointer = $"/{lineNumber}" });
                    yield break;
                }
                if (result.IsCompleted)
                    yield break;
                lines.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await lines.CompleteAsync();
        }
    }

    /// <summary>Removes the next line from the buffer and returns it; null if it is incomplete. The last line needs no line feed.</summary>
    private static ReadOnlySequence<byte>? ReadNextLine(ref ReadOnlySequence<byte> buffer, bool isCompleted, bool isFirst)
    {
        var end = buffer.PositionOf((byte)'\n');
        if (end is null && (!isCompleted || buffer.IsEmpty))
            return null;
        var line = buffer.Slice(0, end ?? buffer.End);
        buffer = end is null ? buffer.Slice(buffer.End) : buffer.Slice(buffer.GetPosition(1, end.Value));
        var reader = new SequenceReader<byte>(line);
        if (isFirst)
            reader.IsNext(Encoding.UTF8.Preamble, advancePast: true);
        return reader.UnreadSequence;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        var reader = new SequenceReader<byte>(line);
        reader.AdvancePastAny((byte)' ', (byte)'\t', (byte)'\r');
        return reader.End;
    }

    private BundleEntry? ParseLine(ReadOnlySequence<byte> line, long lineNumber, RequestErrors errors) =>
        TryParseFast(line) is var (resource, record)
            ? Validate(resource, record, $"/{lineNumber}/{DataMember}", errors)
            : ParseWithErrors(line, lineNumber, errors);

    /// <summary>
    /// Parses a regular line in one pass; null for all other lines. The JSON reader stops at the first error with an unspecific message, so
    /// <see cref="ParseWithErrors"/> parses those lines again.
    /// </summary>
    private (Resource Resource, Record Record)? TryParseFast(ReadOnlySequence<byte> line)
    {
        var json = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        // Null values are errors that the fast path does not detect. A line without these letters has none.
        if (json.IndexOf("null"u8) >= 0)
            return null;
        var reader = new Utf8JsonReader(json, StrictJson.ReaderOptions);
        try
        {
            var hasType = reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read()
                && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(TypeMember)
                && reader.Read() && reader.TokenType == JsonTokenType.String;
            if (!hasType || catalog.Find(reader.GetString()!) is not { } resource)
                return null;
            if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(DataMember) || !reader.Read())
                return null;
            var record = resource.ParseStrict(ref reader);
            return reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read() ? (resource, record) : null;
        }
        catch (Exception exception) when (StrictJson.IsJsonError(exception))
        {
            return null;
        }
    }

    private BundleEntry? ParseWithErrors(ReadOnlySequence<byte> line, long lineNumber, RequestErrors errors)
    {
        var pointer = $"/{lineNumber}";
        using var document = StrictJson.TryParse(line.ToArray(), errors, pointer, firstLine: lineNumber + 1);
        if (document is null)
            return null;
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("line_not_object", TypeMember, DataMember) { Pointer = pointer });
            return null;
        }
        var errorsBefore = errors.Count;
        foreach (var unknownMember in document.RootElement.EnumerateObject().Where(member => member.Name is not (TypeMember or DataMember)))
            errors.Add(
                RequestError.NotOneOf("unknown_member", unknownMember.Name, [TypeMember, DataMember]) with
                {
                    Pointer = StrictJson.AppendPointer(pointer, unknownMember.Name),
                });
        if (!document.RootElement.TryGetProperty(TypeMember, out var type)
            || !document.RootElement.TryGetProperty(DataMember, out var data))
        {
            errors.Add(new("required_members_missing", $"{TypeMember}, {DataMember}") { Pointer = pointer });
            return null;
        }
        if (type.ValueKind != JsonValueKind.String || !ListNames.Contains(type.GetString()!))
        {
            errors.Add(RequestError.NotOneOf("unknown_resource", type.ToString(), ListNames) with { Pointer = $"{pointer}/{TypeMember}" });
            return null;
        }
        return ParseEntry(type.GetString()!, data, $"{pointer}/{DataMember}", errors) is { } entry && errors.Count == errorsBefore
            ? entry
            : null;
    }

    private BundleEntry? ParseEntry(string listName, JsonElement json, string pointer, RequestErrors errors) =>
        listName == Additions ? ParseAddition(json, pointer, errors) : ParseRecord(catalog[listName], json, pointer, errors);

    private BundleAddition? ParseAddition(JsonElement json, string pointer, RequestErrors errors)
    {
        RecordAddition addition;
        try
        {
            addition = StrictJson.Deserialize<RecordAddition>(json);
        }
        catch (Exception exception) when (StrictJson.IsJsonError(exception))
        {
            foreach (var error in StrictJson.FindErrors(json, typeof(RecordAddition), pointer))
                errors.Add(error);
            return null;
        }
        if (!citedTypes.Contains(addition.Type))
        {
            errors.Add(
                RequestError.NotOneOf("not_allowed", addition.Type, citedTypes) with { Pointer = $"{pointer}/{TypeMember}" });
            return null;
        }
        var (resource, errorsBefore) = (catalog[addition.Type], errors.Count);
        foreach (var failure in AdditionValidator.Validate(addition).Errors)
            errors.Add(ValidationRules.ToRequestError(failure, pointer) with { Record = GetRecordName(resource, addition.Id) });
        if (addition.Positions.Count > 0 && resource.RecordType != typeof(Official))
            errors.Add(new("unknown_member", "positions")
            {
                Allowed = [TypeMember, "id", "citations"],
                Pointer = pointer + "/positions",
                Record = GetRecordName(resource, addition.Id),
            });
        return errors.Count == errorsBefore ? new(resource, addition, pointer) : null;
    }

    private static BundleRecord? ParseRecord(Resource resource, JsonElement json, string pointer, RequestErrors errors)
    {
        try
        {
            return Validate(resource, resource.ParseStrict(json), pointer, errors);
        }
        catch (Exception exception) when (StrictJson.IsJsonError(exception))
        {
            var recordName = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("id", out var id)
                ? GetRecordName(resource, id.GetRawText().Trim('"'))
                : null;
            foreach (var error in StrictJson.FindErrors(json, resource.RecordType, pointer))
                errors.Add(error with { Record = recordName });
            return null;
        }
    }

    private static BundleRecord? Validate(Resource resource, Record record, string pointer, RequestErrors errors)
    {
        var failures = resource.Validate(record);
        foreach (var failure in failures)
            errors.Add(ValidationRules.ToRequestError(failure, pointer) with { Record = GetRecordName(resource, record.Id) });
        return failures.Count > 0 ? null : new(resource, record, pointer);
    }

    private static string? GetRecordName(Resource resource, string id) => Slug.IsSlug(id) ? $"{resource.Type}/{id}" : null;
}

/// <summary>An entry of a bundle with its JSON pointer, and the type and id of the record to which it belongs.</summary>
internal abstract record BundleEntry(Resource Resource, string Id, string Pointer);

/// <summary>A whole record.</summary>
internal sealed record BundleRecord(Resource Resource, Record Record, string Pointer) : BundleEntry(Resource, Record.Id, Pointer);

/// <summary>An addition to an existing record.</summary>
internal sealed record BundleAddition(Resource Resource, RecordAddition Addition, string Pointer)
    : BundleEntry(Resource, Addition.Id, Pointer);
