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
/// Reads bundles record by record and collects all errors with their pointers. A pointer into NDJSON begins with the line index, from 0.
/// </summary>
internal sealed class BundleReader(ResourceCatalog catalog)
{
    private const int MaxLineBytes = 1_000_000, MaxJsonBytes = 100_000_000, BufferSize = 1 << 16;

    private const string TypeMember = "type", DataMember = "data";

    /// <summary>Returns the valid records and adds the errors of the others to <paramref name="errors"/>.</summary>
    public IAsyncEnumerable<BundleRecord> Read(BundleStream bundle, RequestErrors errors, CancellationToken cancel)
    {
        bundle.Content.Position = 0;
        return bundle.IsNdjson ? ReadLines(bundle.Content, errors, cancel) : ReadLists(bundle.Content, errors).ToAsyncEnumerable();
    }

    private IEnumerable<BundleRecord> ReadLists(Stream content, RequestErrors errors)
    {
        if (content.Length > MaxJsonBytes)
        {
            errors.Add(new("bundle_too_long", MaxJsonBytes) { Pointer = "" });
            yield break;
        }
        using var document = StrictJson.TryParse(() => JsonDocument.Parse(content, StrictJson.DocumentOptions), errors);
        if (document is null)
            yield break;
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("invalid_json", "A bundle must be an object with one list per resource.") { Pointer = "" });
            yield break;
        }
        foreach (var unknownList in document.RootElement.EnumerateObject().Where(list => catalog.Find(list.Name) is null))
            errors.Add(
                RequestError.NotOneOf("unknown_resource", unknownList.Name, catalog.Types) with
                {
                    Pointer = StrictJson.AppendPointer("", unknownList.Name),
                });
        foreach (var resource in catalog.All)
        {
            if (!document.RootElement.TryGetProperty(resource.Type, out var list))
                continue;
            if (list.ValueKind != JsonValueKind.Array)
            {
                errors.Add(new("invalid_json", "The value must be a list.") { Pointer = "/" + resource.Type });
                continue;
            }
            foreach (var (i, json) in list.EnumerateArray().Index())
            {
                if (ParseRecord(resource, json, $"/{resource.Type}/{i}", errors) is { } record)
                    yield return record;
            }
        }
    }

    private async IAsyncEnumerable<BundleRecord> ReadLines(Stream content, RequestErrors errors,
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
                    if (line.Length > 0 && ParseLine(line, $"/{lineNumber}", errors) is { } record)
                        yield return record;
                    lineNumber++;
                }
                if (buffer.Length > MaxLineBytes)
                {
                    // No record is this long: the content is not NDJSON, so the reader stops.
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
        reader.AdvancePastAny((byte)' ', (byte)'\t', (byte)'\r');
        return reader.UnreadSequence;
    }

    private BundleRecord? ParseLine(ReadOnlySequence<byte> line, string pointer, RequestErrors errors) =>
        TryParseFast(line) is var (resource, record)
            ? Validate(resource, record, $"{pointer}/{DataMember}", errors)
            : ParseWithErrors(line, pointer, errors);

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

    private BundleRecord? ParseWithErrors(ReadOnlySequence<byte> line, string pointer, RequestErrors errors)
    {
        using var document = StrictJson.TryParse(() => JsonDocument.Parse(line, StrictJson.DocumentOptions), errors, pointer);
        if (document is null)
            return null;
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("invalid_json", $"A line must be an object with {TypeMember} and {DataMember}.") { Pointer = pointer });
            return null;
        }
        var errorsBefore = errors.Count;
        foreach (var unknownMember in document.RootElement.EnumerateObject().Where(member => member.Name is not (TypeMember or DataMember)))
            errors.Add(
                new("unknown_member", unknownMember.Name)
                {
                    Pointer = StrictJson.AppendPointer(pointer, unknownMember.Name),
                    Suggestion = ClosestMatch.Find(unknownMember.Name, [TypeMember, DataMember]),
                });
        if (!document.RootElement.TryGetProperty(TypeMember, out var type)
            || !document.RootElement.TryGetProperty(DataMember, out var data))
        {
            errors.Add(new("required_members_missing", $"{TypeMember}, {DataMember}") { Pointer = pointer });
            return null;
        }
        if (type.ValueKind != JsonValueKind.String || catalog.Find(type.GetString()!) is not { } resource)
        {
            errors.Add(
                RequestError.NotOneOf("unknown_resource", type.ToString(), catalog.Types) with { Pointer = $"{pointer}/{TypeMember}" });
            return null;
        }
        return ParseRecord(resource, data, $"{pointer}/{DataMember}", errors) is { } record && errors.Count == errorsBefore ? record : null;
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
            foreach (var error in StrictJson.FindErrors(json, resource.RecordType, exception, pointer))
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

/// <summary>A record of a bundle with its resource and its JSON pointer.</summary>
internal sealed record BundleRecord(Resource Resource, Record Record, string Pointer);
