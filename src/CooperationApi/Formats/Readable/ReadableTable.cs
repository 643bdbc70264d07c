using System.Buffers;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Formats.Readable;

/// <summary>A table of `profile=readable`: its columns in one language, and its rows with the texts that the columns show.</summary>
internal sealed class ReadableTable(IReadOnlyList<ReadableColumn> columns, Language language)
{
    /// <summary>The columns, with headings in the language.</summary>
    public IReadOnlyList<TableColumn> Columns { get; } =
    [
        .. columns.Select(column => new TableColumn(column.Key, typeof(LinkedText))
        {
            Heading = language == Language.Vietnamese ? column.Vietnamese : column.English,
            Width = column.Width,
        }),
    ];

    /// <summary>
    /// Creates the table with the columns that show any of the selected members; null selects all. Throws 400 if no column shows any.
    /// </summary>
    public static ReadableTable Create(IReadOnlyList<ReadableColumn> columns, Language language, IReadOnlyList<string>? fields = null)
    {
        var selected = columns.Where(column => fields is null || column.MemberNames.Any(fields.Contains)).ToList();
        return selected.Count > 0
            ? new(selected, language)
            : throw ProblemException.InvalidRequest([new("fields_not_readable", string.Join(", ", fields!)) { Parameter = "fields" }]);
    }

    /// <summary>Creates a row from an item.</summary>
    public JsonRow CreateRow(string id, object item, ReadableFormatter formatter)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var column in columns)
            {
                var (text, url) = column.Format(item, formatter);
                if (string.IsNullOrEmpty(text) && url is null)
                    continue;
                json.WritePropertyName(column.Key);
                JsonSerializer.Serialize(json, new LinkedText(text, url), ApiJson.Options);
            }
            json.WriteEndObject();
        }
        return new(id, buffer.WrittenMemory);
    }
}
