using System.Text;
using System.Text.Json;

namespace CooperationApi.Formats;

/// <summary>Lays a row's members under the columns. Used for one row after another: each takes the place of the one before.</summary>
internal sealed class Cells(IReadOnlyList<Column> columns)
{
    private readonly byte[][] names = [.. columns.Select(column => Encoding.UTF8.GetBytes(column.Name))];
    private readonly Cell[] cells = new Cell[columns.Count];

    /// <summary>The cells of a row; what it has no value for is empty.</summary>
    public IReadOnlyList<Cell> Of(Row row)
    {
        Array.Clear(cells);
        var reader = new Utf8JsonReader(row.Json.Span);
        reader.Read();
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = Find(ref reader, next);
            reader.Read();
            var (kind, start) = (reader.TokenType, (int)reader.TokenStartIndex);
            reader.Skip();
            if (column < 0)
                continue;
            cells[column] = new(kind, row.Json[start..(int)reader.BytesConsumed]);
            next = column + 1;
        }
        return cells;
    }

    /// <summary>The column of the member that is read, or -1. Members mostly come in the columns' order, so the next one is tried first.</summary>
    private int Find(ref Utf8JsonReader reader, int next)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var column = (next + i) % names.Length;
            if (reader.ValueTextEquals(names[column]))
                return column;
        }
        return -1;
    }
}

/// <summary>A value as it stands in the JSON, and what it is: a text, a number, a truth value, an object or list, or nothing.</summary>
internal readonly record struct Cell(JsonTokenType Kind, ReadOnlyMemory<byte> Json)
{
    /// <summary>What it says, in UTF-8: the text itself, and of anything else its JSON.</summary>
    public ReadOnlySpan<byte> Text
    {
        get
        {
            if (Kind != JsonTokenType.String)
                return Json.Span;
            if (!Json.Span.Contains((byte)'\\'))
                return Json.Span[1..^1];
            var reader = new Utf8JsonReader(Json.Span);
            reader.Read();
            return Encoding.UTF8.GetBytes(reader.GetString()!);
        }
    }
}
