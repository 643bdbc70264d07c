using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsvHelper;

namespace CooperationApi.Tests.Formats;

/// <summary>Reads lists in file formats with independent parsers.</summary>
internal static partial class FileFormatReader
{
    public const string Csv = "text/csv", Ndjson = "application/x-ndjson",
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public static readonly IReadOnlyList<string> MediaTypes = [Csv, Ndjson, Xlsx];

    private static readonly char[] Letters = [.. "ABCDEFGHIJKLMNOPQRSTUVWXYZ"], Digits = [.. "0123456789"];

    private static readonly XNamespace SpreadsheetNamespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    /// <summary>Returns the bytes of a file response, which must have status 200.</summary>
    public static async Task<byte[]> GetFile(this ApiFixture api, string address, params string[] headers)
    {
        using var response = await api.Get(address, headers);
        Assert.True((int)response.StatusCode == 200, $"{address}: {(int)response.StatusCode} {await response.ReadText()}");
        return await response.ReadBytes();
    }

    /// <summary>Returns the lines of an NDJSON file.</summary>
    public static List<string> ReadNdjson(byte[] ndjson)
    {
        var text = Encoding.UTF8.GetString(ndjson);
        Assert.True(text.Length == 0 || text[^1] == '\n', "The last line does not end with a line feed.");
        Assert.DoesNotContain('\r', text);
        return [.. text.Split('\n')[..^1]];
    }

    /// <summary>Returns the rows of a CSV file, including the headings, read in strict mode.</summary>
    public static List<List<string>> ReadCsv(byte[] csv)
    {
        using var reader =
            CsvReader.Create(new MemoryStream(csv),
                CsvReaderOptions.Default with { Separator = ',', HasHeader = false, SkipEmptyLines = false });
        var rows = new List<List<string>>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i))]);
        return rows;
    }

    /// <summary>Returns the cells of a workbook's sheet by cell reference (`B2`), as string, double, bool or date.</summary>
    public static Dictionary<string, object> ReadCells(byte[] xlsx)
    {
        var dateStyles = FindDateStyles(ReadPart(xlsx, "xl/styles.xml"));
        return ReadPart(xlsx, "xl/worksheets/sheet1.xml").Descendants(SpreadsheetNamespace + "c")
            .ToDictionary(cell => (string)cell.Attribute("r")!, cell => (object)((string?)cell.Attribute("t") switch
            {
                "inlineStr" =>
                    EscapePattern()
                        .Replace(cell.Element(SpreadsheetNamespace + "is")!.Value,
                            escape => ((char)Convert.ToInt32(escape.Groups[1].Value, 16)).ToString()),
                "b" => cell.Value == "1",
                null when dateStyles.Contains((int?)cell.Attribute("s") ?? 0) =>
                    new DateOnly(1899, 12, 30).AddDays(int.Parse(cell.Value, CultureInfo.InvariantCulture)),
                null => double.Parse(cell.Value, CultureInfo.InvariantCulture),
                var type => throw new NotSupportedException(type),
            }));
    }

    /// <summary>Returns the headings of a workbook's sheet.</summary>
    public static List<string> ReadHeadings(byte[] xlsx) =>
        [.. ReadCells(xlsx).Where(cell => cell.Key.TrimStart(Letters) == "1").Select(cell => (string)cell.Value)];

    /// <summary>Returns the rows of a workbook's sheet by heading, without empty cells.</summary>
    public static List<Dictionary<string, object>> ReadSheet(byte[] xlsx)
    {
        var cells = ReadCells(xlsx);
        var headings = cells.Where(cell => cell.Key.TrimStart(Letters) == "1")
            .ToDictionary(cell => cell.Key.TrimEnd(Digits), cell => (string)cell.Value);
        var rows = cells.ToLookup(cell => cell.Key.TrimStart(Letters));
        return
        [
            .. ReadPart(xlsx, "xl/worksheets/sheet1.xml").Descendants(SpreadsheetNamespace + "row").Skip(1)
                .Select(row =>
                    rows[(string)row.Attribute("r")!].ToDictionary(cell => headings[cell.Key.TrimEnd(Digits)], cell => cell.Value)),
        ];
    }

    // ECMA-376, 22.9.2.19: the escape sequence for a character that XML cannot contain.
    [GeneratedRegex("_x([0-9A-Fa-f]{4})_")]
    private static partial Regex EscapePattern();

    private static HashSet<int> FindDateStyles(XDocument styles)
    {
        var format = (string)styles.Descendants(SpreadsheetNamespace + "numFmt")
            .Single(format => (string?)format.Attribute("formatCode") == @"yyyy\-mm\-dd").Attribute("numFmtId")!;
        return [.. styles.Descendants(SpreadsheetNamespace + "cellXfs").Single().Elements().Index()
            .Where(style => (string?)style.Item.Attribute("numFmtId") == format).Select(style => style.Index)];
    }

    public static XDocument ReadPart(byte[] xlsx, string path)
    {
        using var package = new ZipArchive(new MemoryStream(xlsx));
        using var part = package.GetEntry(path)!.Open();
        return XDocument.Load(part, LoadOptions.PreserveWhitespace);
    }

    /// <summary>Returns the cell text of a member: a string unchanged, any other value as JSON, an empty cell without a value.</summary>
    public static string ToCellText(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.TryGetValue<string>(out var content) => content,
        _ => value.ToJsonString(Contracts.ApiJson.Options),
    };

    /// <summary>Returns the cell text of the Excel profile: a string that looks like a formula is prefixed with an apostrophe.</summary>
    public static string ToExcelCellText(JsonNode? value) =>
        ToCellText(value) is [var first, ..] rest && "=+-@\t\r\n".Contains(first)
            && value!.GetValueKind() == System.Text.Json.JsonValueKind.String ? "'" + rest : ToCellText(value);
}
