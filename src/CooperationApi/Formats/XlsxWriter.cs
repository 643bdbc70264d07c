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
/// under a frozen heading row. Columns for people have wrapped texts and links, and are laid out for printing.
/// The packages that were considered hold the whole sheet in memory or corrupt characters above U+FFFF.
/// </summary>
internal static partial class XlsxWriter
{
    /// <summary>The maximum number of rows in a sheet without the heading row.</summary>
    public const int MaxRows = 1_048_575;

    private const int MaxCellLength = 32_767, MaxSheetNameLength = 31, MaxErrors = 100;

    // Excel rounds a number with more digits, so it is written as text.
    private const int MaxDigits = 15;

    // Excel repairs a file with a longer URL. Without its fragment, the link opens the page, but not at the quote.
    private const int MaxUrlLength = 2079;

    // Stands for a URL without a text.
    private const string LinkSymbol = "↗";

    // In points: the sizes of the fonts in styles.xml, a line, and the maximum of Excel. The width of a column is in digits of the heading.
    private const int HeadingSize = 11, TextSize = 10, LineHeight = 13, MaxRowHeight = 409;

    private const string RelationshipsNamespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    // Indexes of cellXfs in styles.xml.
    private const string HeadingStyle = "1", DateStyle = "2", WrappedHeadingStyle = "3", WrappedStyle = "4", LinkStyle = "5";

    // Day 0 of Excel. Before 1 March 1900 programs disagree, because some count a 29 February 1900; earlier dates are written as text.
    private static readonly DateOnly ExcelEpoch = new(1899, 12, 30), MinDate = new(1900, 3, 1);

    // The earliest time of a ZIP entry, so that the same rows give the same bytes.
    private static readonly DateTimeOffset PartTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly XmlWriterSettings XmlSettings =
        new()
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            NewLineHandling = NewLineHandling.None,
            CloseOutput = true,
        };

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
                WriteParts(package, table);
                WriteLinks(package, await WriteSheet(package, table, rows, language, cancel));
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

    /// <summary>Writes the sheet and returns the URLs of its links, in the order of their relationships.</summary>
    private static async Task<IReadOnlyList<string>> WriteSheet(ZipArchive package, TableSource table, RowStream rows, Language language,
        CancellationToken cancel)
    {
        using var xml = XmlWriter.Create(CreatePart(package, "xl/worksheets/sheet1.xml"), XmlSettings);
        var columns = table.Columns.Select((column, i) => (Column: column, Name: GetColumnName(i))).ToList();
        xml.WriteStartElement("worksheet", "http://schemas.openxmlformats.org/spreadsheetml/2006/main");
        if (table.PrintTitle is not null)
            xml.WriteRaw("""<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>""");
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
        if (table.PrintTitle is not null)
            WriteHeight(xml, EstimateHeight(table.Columns.Select(column => column.Heading), table.Columns));
        foreach (var (column, columnName) in columns)
            WriteText(xml, columnName + "1", GetHeading(column, language), column.Heading is null ? HeadingStyle : WrappedHeadingStyle);
        xml.WriteEndElement();
        var links = new List<(string Reference, string Url)>();
        var errors = new List<RequestError>();
        var rowReader = new RowReader(table.Columns);
        var rowNumber = 1;
        await foreach (var row in rows.ReadAll())
        {
            cancel.ThrowIfCancellationRequested();
            var rowReference = (++rowNumber).ToString(CultureInfo.InvariantCulture);
            xml.WriteStartElement("row");
            xml.WriteAttributeString("r", rowReference);
            var cells = rowReader.Parse(row);
            if (table.PrintTitle is not null)
                WriteHeight(xml, EstimateHeight(cells.Select(cell => cell.LinkedText.Text), table.Columns));
            foreach (var (cell, (column, columnName)) in cells.Zip(columns))
            {
                if (WriteCell(xml, columnName + rowReference, cell, column, links) is var length and > MaxCellLength)
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
        WriteHyperlinks(xml, links);
        if (table.PrintTitle is not null)
            WritePageLayout(xml, table.PrintTitle);
        xml.WriteEndElement();
        return [.. links.Select(link => link.Url)];
    }

    /// <summary>
    /// Returns the height of a row in points. Excel fits a row without a height to its texts when it opens the file; LibreOffice does not.
    /// </summary>
    private static int EstimateHeight(IEnumerable<string?> texts, IReadOnlyList<TableColumn> columns) => Math.Min(MaxRowHeight,
        LineHeight * texts.Zip(columns).Max(pair => CountLines(pair.First ?? "", pair.Second.Width * (double)HeadingSize / TextSize)) + 2);

    /// <summary>
    /// Counts the lines of a text that is wrapped after blanks and hyphens. A longer word is broken. <paramref name="width"/> is in digits.
    /// </summary>
    private static int CountLines(string text, double width)
    {
        var lineCount = 0;
        foreach (var line in text.Split('\n'))
        {
            var usedWidth = 0.0;
            lineCount++;
            foreach (var word in WordPattern().EnumerateMatches(line))
            {
                var wordWidth = line.AsSpan(word.Index, word.Length).ToString().Sum(EstimateWidth);
                if (usedWidth > 0 && usedWidth + wordWidth > width)
                    (lineCount, usedWidth) = (lineCount + 1, 0);
                lineCount += (int)(wordWidth / width);
                usedWidth += wordWidth % width;
            }
        }
        return lineCount;
    }

    /// <summary>Returns about the width of a letter in Calibri, in digits.</summary>
    private static double EstimateWidth(char letter) => letter switch
    {
        ' ' => 0.5,
        'i' or 'j' or 'l' or 'r' or 't' or 'f' or 'I' or '.' or ',' or ';' or ':' or '-' or '(' or ')' or '/' => 0.65,
        'm' or 'w' or 'M' or 'W' => 1.6,
        _ => char.IsUpper(letter) ? 1.2 : 1,
    };

    [GeneratedRegex("[^ -]*[ -]|[^ -]+")]
    private static partial Regex WordPattern();

    private static void WriteHeight(XmlWriter xml, int height) =>
        xml.WriteAttributeString("ht", height.ToString(CultureInfo.InvariantCulture));

    private static string GetHeading(TableColumn column, Language language) =>
        column.Heading ?? (language == Language.Vietnamese ? VietnameseHeadings.Get(column.Name) : column.Name);

    /// <summary>
    /// Refers to the links by the ids of their relationships. The fragment of a URL is the location within its target, as Excel writes it.
    /// </summary>
    private static void WriteHyperlinks(XmlWriter xml, List<(string Reference, string Url)> links)
    {
        if (links.Count == 0)
            return;
        xml.WriteStartElement("hyperlinks");
        foreach (var (i, (reference, url)) in links.Index())
        {
            xml.WriteStartElement("hyperlink");
            xml.WriteAttributeString("ref", reference);
            xml.WriteAttributeString("r", "id", RelationshipsNamespace, GetLinkId(i));
            if (url.Split('#', 2) is [_, var location])
                xml.WriteAttributeString("location", location);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    /// <summary>Sets A4 pages in landscape, as wide as all columns together, with the title above and the page number below.</summary>
    private static void WritePageLayout(XmlWriter xml, string title)
    {
        xml.WriteRaw(
            """<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.5" header="0.3" footer="0.25"/>"""
            + """<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>""");
        xml.WriteStartElement("headerFooter");
        // `&` starts a code: L and R are the sides, P the page, N the number of pages.
        xml.WriteElementString("oddHeader", $"&L&\"-,Bold\"{title.Replace("&", "&&", StringComparison.Ordinal)}");
        xml.WriteElementString("oddFooter", "&R&P / &N");
        xml.WriteEndElement();
    }

    /// <summary>Writes the relationships of the sheet to the targets of its links.</summary>
    private static void WriteLinks(ZipArchive package, IReadOnlyList<string> urls)
    {
        if (urls.Count == 0)
            return;
        using var xml = XmlWriter.Create(CreatePart(package, "xl/worksheets/_rels/sheet1.xml.rels"), XmlSettings);
        xml.WriteStartElement("Relationships", "http://schemas.openxmlformats.org/package/2006/relationships");
        foreach (var (i, url) in urls.Index())
        {
            xml.WriteStartElement("Relationship");
            xml.WriteAttributeString("Id", GetLinkId(i));
            xml.WriteAttributeString("Type", RelationshipsNamespace + "/hyperlink");
            xml.WriteAttributeString("Target", url.Split('#')[0]);
            xml.WriteAttributeString("TargetMode", "External");
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static string GetLinkId(int index) => $"rId{(index + 1).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>
    /// Writes a cell, unless it is empty and has no style, and returns the length of its text. A text that is too long is not written.
    /// </summary>
    private static int WriteCell(XmlWriter xml, string reference, CellValue cell, TableColumn column,
        List<(string Reference, string Url)> links)
    {
        if (column.Type == typeof(LinkedText))
            return WriteLinkedText(xml, reference, cell.LinkedText, links);
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

    private static int WriteLinkedText(XmlWriter xml, string reference, LinkedText linkedText,
        List<(string Reference, string Url)> links)
    {
        var url = linkedText.Url?.Length <= MaxUrlLength ? linkedText.Url : linkedText.Url?.Split('#')[0];
        var text = linkedText.Text ?? (url is null ? "" : LinkSymbol);
        if (text.Length <= MaxCellLength)
            WriteText(xml, reference, text, url is null ? WrappedStyle : LinkStyle);
        if (url is not null)
            links.Add((reference, url));
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

    private static void WriteParts(ZipArchive package, TableSource table)
    {
        var name = table.Name[..Math.Min(table.Name.Length, MaxSheetNameLength)];
        var printTitles = table.PrintTitle is null ? "" : PrintTitles;
        foreach (var (path, content) in Parts)
        {
            using var part = new StreamWriter(CreatePart(package, path));
            part.Write("""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""" + content.ReplaceLineEndings("")
                .Replace("{printTitles}", printTitles, StringComparison.Ordinal).Replace("{name}", name, StringComparison.Ordinal));
        }
    }
}
