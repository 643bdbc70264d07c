using System.Globalization;
using System.Text.Json;
using CsvHelper;

namespace CooperationApi.Formats;

/// <summary>Writes CSV (RFC 4180) in UTF-8, with objects and arrays as JSON and absent values as empty fields.</summary>
internal static class CsvTableWriter
{
    private static readonly CsvWriterOptions DefaultOptions = CsvWriterOptions.Default;

    // The injection characters are those of the OWASP page on CSV injection.
    private static readonly CsvWriterOptions ExcelOptions =
        DefaultOptions with { WriteByteOrderMark = true, Injection = CsvInjection.Escape, InjectionCharacters = "=+-@\t\r\n" };

    /// <summary>Writes the headings and the rows. On an exception the file remains incomplete.</summary>
    public static async Task Write(Stream body, IReadOnlyList<TableColumn> columns, IAsyncEnumerable<JsonRow> rows, bool isForExcel,
        CancellationToken cancel)
    {
        // Not disposed on an exception: disposing flushes the buffer, and the file would end like a complete one.
        var csv = CsvWriter.Create(body, isForExcel ? ExcelOptions : DefaultOptions, leaveOpen: true);
        csv.WriteHeader([.. columns.Select(column => column.Name)]);
        var rowReader = new RowReader(columns);
        await foreach (var row in rows)
        {
            foreach (var cell in rowReader.Parse(row))
            {
                // Written as a number, so that a negative value is not escaped as a formula.
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
