using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsvHelper;

namespace CooperationApi.Formats;

/// <summary>Writes CSV (RFC 4180) in UTF-8, with objects and arrays as JSON and absent values as empty fields.</summary>
internal static partial class CsvTableWriter
{
    private static readonly CsvWriterOptions DefaultOptions = CsvWriterOptions.Default;

    private static readonly CsvWriterOptions ExcelOptions = DefaultOptions with { WriteByteOrderMark = true };

    /// <summary>Writes the headings and the rows. On an exception the file remains incomplete.</summary>
    public static async Task Write(Stream body, IReadOnlyList<TableColumn> columns, IAsyncEnumerable<JsonRow> rows, bool isForExcel,
        CancellationToken cancel)
    {
        // Not disposed on an exception: disposing flushes the buffer, and the file would end like a complete one.
        var csv = CsvWriter.Create(body, isForExcel ? ExcelOptions : DefaultOptions, leaveOpen: true);
        csv.WriteHeader([.. columns.Select(column => column.Heading ?? column.Name)]);
        var rowReader = new RowReader(columns);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            foreach (var (cell, column) in rowReader.Parse(row).Zip(columns))
            {
                // A number is not escaped: a negative value is no formula.
                if (cell.Kind == JsonTokenType.Number)
                    csv.WriteField(decimal.Parse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture));
                else if (isForExcel)
                    csv.WriteField(FormulaStartPattern().Replace(GetText(cell, column), "'"));
                else
                    csv.WriteField(cell.Text);
            }
            await csv.EndRecordAsync(cancel);
        }
        await csv.DisposeAsync();
    }

    /// <summary>Returns the text of a cell; for a cell with a link only, its URL.</summary>
    private static string GetText(CellValue cell, TableColumn column) => column.Type == typeof(LinkedText)
        ? cell.LinkedText.Text ?? cell.LinkedText.Url ?? ""
        : Encoding.UTF8.GetString(cell.Text);

    // Excel and LibreOffice evaluate a cell that begins with one of these characters, also after blanks and in full width. A semicolon, tab
    // or line break begins a new cell in some regional settings. See the OWASP page on CSV injection.
    [GeneratedRegex(@"(?<=^|[;\t\r\n])(?=\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])")]
    private static partial Regex FormulaStartPattern();
}
