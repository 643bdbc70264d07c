using System.Globalization;
using System.Text.Json;
using CsvHelper;

namespace CooperationApi.Formats;

/// <summary>Writes CSV as RFC 4180 has it, in UTF-8: texts as they are, objects and lists as their JSON, empty where there is no value.</summary>
internal static class CsvTableWriter
{
    private static readonly CsvWriterOptions DefaultOptions = CsvWriterOptions.Default;

    // The characters of OWASP's page on CSV injection.
    private static readonly CsvWriterOptions ExcelOptions = DefaultOptions with { WriteByteOrderMark = true, Injection = CsvInjection.Escape, InjectionCharacters = "=+-@\t\r\n" };

    /// <summary>Writes headings and rows. What fails leaves the file without its end.</summary>
    public static async Task Write(Stream body, IReadOnlyList<TableColumn> columns, IAsyncEnumerable<JsonRow> rows, bool isForExcel, CancellationToken cancel)
    {
        // Not disposed of when something fails: that would write what is left over, as if all were well.
        var csv = CsvWriter.Create(body, isForExcel ? ExcelOptions : DefaultOptions, leaveOpen: true);
        csv.WriteHeader([.. columns.Select(column => column.Name)]);
        var rowReader = new RowReader(columns);
        await foreach (var row in rows)
        {
            foreach (var cell in rowReader.Parse(row))
            {
                // As a number, so that a negative one is not taken for a formula.
                if (cell.Kind == JsonTokenType.Number)
                    csv.WriteField(decimal.Parse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture));
                else
                    csv.WriteField(cell.Text);
            }
            await csv.EndRecordAsync(cancel);
        }
        await csv.DisposeAsync();
    }
}
