using System.Text;
using System.Text.Json;

namespace CooperationApi.Formats;

/// <summary>Maps the members of a row to columns. One instance reads all rows; each row overwrites the cells of the previous one.</summary>
internal sealed class RowReader(IReadOnlyList<TableColumn> columns)
{
    private readonly byte[][] columnNames = [.. columns.Select(column => Encoding.UTF8.GetBytes(column.Name))];
    private readonly CellValue[] cells = new CellValue[columns.Count];

    /// <summary>Returns the cells of a row; absent members give empty cells.</summary>
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

    /// <summary>
    /// Returns the index of the column for the current member, or -1. Members are mostly in column order: the next column is tried first.
    /// </summary>
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
