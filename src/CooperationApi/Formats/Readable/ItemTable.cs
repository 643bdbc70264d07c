using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Formats.Readable;

/// <summary>A table of items that are not records, in any format: the columns, and the row of an item.</summary>
internal sealed class ItemTable<TItem>(string type, FileFormat format, IReadOnlyList<ReadableColumn<TItem>> readableColumns,
    Language language)
    where TItem : class
{
    private readonly ReadableTable? readable = format.IsReadable ? ReadableTable.Create(readableColumns, language) : null;
    private readonly ReadableFormatter formatterWithoutNames = new(language);

    /// <summary>Creates the source of the file.</summary>
    public TableSource CreateSource(string name, RowReaderCallback enumerate) =>
        new(name, readable?.Columns ?? TableColumn.FromType(typeof(TItem)), enumerate)
        {
            PrintTitle = readable is null ? null : DisplayNames.GetTypeName(type, language),
        };

    /// <summary>Creates the row of an item. The formatter is required if the columns show names of other records.</summary>
    public JsonRow CreateRow(string id, TItem item, ReadableFormatter? formatter = null) => readable is null
        ? new(id, JsonSerializer.SerializeToUtf8Bytes(item, ApiJson.Options))
        : readable.CreateRow(id, item, formatter ?? formatterWithoutNames);
}
