using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using CooperationApi.Http.Problems;

namespace CooperationApi.Formats;

/// <summary>
/// Writes a workbook (Office Open XML, ECMA-376) with one sheet row by row: numbers, booleans and dates as typed cells, all else as text,
/// under a frozen heading row. The packages that were considered hold the whole sheet in memory or corrupt characters above U+FFFF.
/// </summary>
internal static partial class XlsxWriter
{
    /// <summary>The maximum number of rows in a sheet without the heading row.</summary>
    public const int MaxRows = 1_048_575;

    private const int MaxCellLength = 32_767, MaxSheetNameLength = 31, MaxErrors = 100;

    // Excel rounds a number with more digits, so it is written as text.
    private const int MaxDigits = 15;

    // Indexes of cellXfs in styles.xml.
    private const string HeadingStyle = "1", DateStyle = "2";

    // Day 0 of Excel. Before 1 March 1900 programs disagree, because some count a 29 February 1900; earlier dates are written as text.
    private static readonly DateOnly ExcelEpoch = new(1899, 12, 30), MinDate = new(1900, 3, 1);

    // The earliest time of a ZIP entry, so that the same rows give the same bytes.
    private static readonly DateTimeOffset PartTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly XmlWriterSettings XmlSettings =
        new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineHandling = NewLineHandling.None };

    /// <summary>
    /// Builds the workbook in a temporary file that is deleted when it is closed. Throws a <see cref="ProblemException"/> if a text is too
    /// long for a cell or the disk is full.
    /// </summary>
    public static async Task<FileStream> WriteToTempFile(TableSource table, RowStream rows, Language language, CancellationToken cancel)
    {
        FileStream? file = null;
        try
        {
            // Unbuffered: on a full disk, closing would flush the buffer and fail again.
            file = new(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None,
                0, FileOptions.DeleteOnClose);
            using (var package = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            {
                WriteParts(package, table.Name);
                await WriteSheet(package, table, rows, language, cancel);
            }
            file.Position = 0;
            return file;
        }
        catch (Exception exception)
        {
            if (file is not null)
                await file.DisposeAsync();
            if (exception is IOException or UnauthorizedAccessException)
                throw new ProblemException(503, "insufficient_storage") { Cause = exception };
            throw;
        }
    }

    private static async Task WriteSheet(ZipArchive package, TableSource table, RowStream rows, Language language, CancellationToken cancel)
    {
        using var xml = XmlWriter.Create(CreatePart(package, "xl/worksheets/sheet1.xml"), XmlSettings);
        var columns = table.Columns.Select((column, i) => (Column: column, Name: GetColumnName(i))).ToList();
        xml.WriteStartElement("worksheet", "http://schemas.openxmlformats.org/spreadsheetml/2006/main");
        xml.WriteRaw(
            """<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"""
            + "</sheetView></sheetViews>");
        xml.WriteStartElement("cols");
        foreach (var (i, (column, _)) in columns.Index())
            xml.WriteRaw(
                string.Create(CultureInfo.InvariantCulture,
                    $"""<col min="{i + 1}" max="{i + 1}" width="{column.Width}" customWidth="1"/>"""));
        xml.WriteEndElement();
        xml.WriteStartElement("sheetData");
        xml.WriteStartElement("row");
        xml.WriteAttributeString("r", "1");
        foreach (var (column, columnName) in columns)
            WriteText(xml, columnName + "1", language == Language.Vietnamese ? VietnameseHeadings.Get(column.Name) : column.Name,
                HeadingStyle);
        xml.WriteEndElement();
        var errors = new List<RequestError>();
        var rowReader = new RowReader(table.Columns);
        var rowNumber = 1;
        await foreach (var row in rows.ReadAll())
        {
            cancel.ThrowIfCancellationRequested();
            var rowReference = (++rowNumber).ToString(CultureInfo.InvariantCulture);
            xml.WriteStartElement("row");
            xml.WriteAttributeString("r", rowReference);
            foreach (var (cell, (column, columnName)) in rowReader.Parse(row).Zip(columns))
            {
                if (WriteCell(xml, columnName + rowReference, cell, column) is var length and > MaxCellLength)
                    errors.Add(
                        new("cell_too_long", row.Id, column.Name, length, MaxCellLength)
                        {
                            Parameter = "format",
                            Suggestion = FileFormat.Csv.Name,
                        });
            }
            xml.WriteEndElement();
            if (errors.Count >= MaxErrors)
                break;
        }
        if (errors.Count > 0)
            throw ProblemException.InvalidRequest(errors);
        xml.WriteEndElement();
        xml.WriteRaw($"""<autoFilter ref="A1:{columns[^1].Name}{rowNumber.ToString(CultureInfo.InvariantCulture)}"/>""");
        xml.WriteEndElement();
    }

    /// <summary>Writes a cell that is not empty and returns the length of its text. A text that is too long is not written.</summary>
    private static int WriteCell(XmlWriter xml, string reference, CellValue cell, TableColumn column)
    {
        if (cell.Kind == JsonTokenType.None)
            return 0;
        var text = Encoding.UTF8.GetString(cell.Text);
        if (cell.Kind == JsonTokenType.Number && text.Count(char.IsAsciiDigit) <= MaxDigits)
            WriteValue(xml, reference, text);
        else if (cell.Kind is JsonTokenType.True or JsonTokenType.False)
            WriteValue(xml, reference, cell.Kind == JsonTokenType.True ? "1" : "0", type: "b");
        else if (column.IsDate
            && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date >= MinDate)
            WriteValue(xml, reference, (date.DayNumber - ExcelEpoch.DayNumber).ToString(CultureInfo.InvariantCulture), style: DateStyle);
        else if (text.Length <= MaxCellLength)
            WriteText(xml, reference, text);
        return text.Length;
    }

    private static void WriteValue(XmlWriter xml, string reference, string value, string? type = null, string? style = null)
    {
        WriteStart(xml, reference, type, style);
        xml.WriteElementString("v", value);
        xml.WriteEndElement();
    }

    private static void WriteText(XmlWriter xml, string reference, string text, string? style = null)
    {
        WriteStart(xml, reference, "inlineStr", style);
        xml.WriteStartElement("is");
        xml.WriteStartElement("t");
        xml.WriteAttributeString("xml", "space", null, "preserve");
        // Text that looks like an escape sequence of the format (`_x000A_`) is escaped.
        xml.WriteString(text.Contains("_x", StringComparison.Ordinal) ? EscapePattern().Replace(text, "_x005F$0") : text);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteStart(XmlWriter xml, string reference, string? type, string? style)
    {
        xml.WriteStartElement("c");
        xml.WriteAttributeString("r", reference);
        if (style is not null)
            xml.WriteAttributeString("s", style);
        if (type is not null)
            xml.WriteAttributeString("t", type);
    }

    /// <summary>Returns the name of a column: A to Z, then AA.</summary>
    private static string GetColumnName(int column) => (column < 26 ? "" : GetColumnName(column / 26 - 1)) + (char)('A' + column % 26);

    [GeneratedRegex("_x(?=[0-9A-Fa-f]{4}_)")]
    private static partial Regex EscapePattern();

    private static Stream CreatePart(ZipArchive package, string path)
    {
        var entry = package.CreateEntry(path, CompressionLevel.Fastest);
        entry.LastWriteTime = PartTime;
        return entry.Open();
    }

    private static void WriteParts(ZipArchive package, string name)
    {
        foreach (var (path, content) in Parts)
        {
            using var part = new StreamWriter(CreatePart(package, path));
            part.Write(
                """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"""
                    + content.ReplaceLineEndings("")
                        .Replace("{name}", name[..Math.Min(name.Length, MaxSheetNameLength)], StringComparison.Ordinal));
        }
    }
}
