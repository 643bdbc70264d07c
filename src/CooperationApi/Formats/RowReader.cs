using System.Text;
using System.Text.Json;

namespace CooperationApi.Formats;

/// <summary>Lays a row's members under the columns. Used for one row after another: each takes the place of the one before.</summary>
internal sealed class RowReader(IReadOnlyList<TableColumn> columns)
{
    private readonly byte[][] columnNames = [.. columns.Select(column => Encoding.UTF8.GetBytes(column.Name))];
    private readonly CellValue[] cells = new CellValue[columns.Count];

    /// <summary>The cells of a row; what it has no value for is empty.</summary>
    public IReadOnlyList<CellValue> Parse(JsonRow row)
    {
        Array.Clear(cells);
        var reader = new Utf8JsonReader(row.Json.Span);
        reader.Read();
        var nextColumn = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = FindColumn(ref reader, nextColumn);
            reader.Read();
            var (kind, start) = (reader.TokenType, (int)reader.TokenStartIndex);
            reader.Skip();
            if (column < 0)
                continue;
            cells[column] = new(kind, row.Json[start..(int)reader.BytesConsumed]);
            nextColumn = column + 1;
        }
        return cells;
    }

    /// <summary>The column of the member that is read, or -1. Members mostly come in the columns' order, so the next one is tried first.</summary>
    private int FindColumn(ref Utf8JsonReader reader, int nextColumn)
    {
        for (var i = 0; i < columnNames.Length; i++)
        {
            var column = (nextColumn + i) % columnNames.Length;
            if (reader.ValueTextEquals(columnNames[column]))
                return column;
        }
        return -1;
    }
}
