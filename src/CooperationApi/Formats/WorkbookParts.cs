namespace CooperationApi.Formats;

internal static partial class XlsxWriter
{
    /// <summary>The name that repeats the heading row on each printed page.</summary>
    private const string PrintTitles =
        """<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">'{name}'!$1:$1</definedName></definedNames>""";

    /// <summary>The parts of the package except the sheet and its links, by path.</summary>
    private static readonly IReadOnlyList<(string Path, string Content)> Parts =
    [
        ("[Content_Types].xml",
            """
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
            <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
            <Default Extension="xml" ContentType="application/xml"/>
            <Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
            <Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
            <Override PartName="/xl/worksheets/sheet1.xml"
                ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
            </Types>
            """),
        ("_rels/.rels",
            """
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
            <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
                Target="xl/workbook.xml"/>
            </Relationships>
            """),
        ("xl/workbook.xml",
            """
            <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
                xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
            <sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>{printTitles}
            </workbook>
            """),
        ("xl/_rels/workbook.xml.rels",
            """
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
            <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
                Target="worksheets/sheet1.xml"/>
            <Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>
            </Relationships>
            """),
        // The cell styles are in cellXfs, by index: 0 plain, 1 heading, 2 date; with line breaks 3 heading, 4 text, 5 link.
        ("xl/styles.xml",
            """
            <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
            <numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts>
            <fonts count="5"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>
            <font><b/><sz val="10"/><name val="Calibri"/></font><font><sz val="10"/><name val="Calibri"/></font>
            <font><sz val="10"/><color rgb="FF0563C1"/><name val="Calibri"/></font></fonts>
            <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
            <borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>
            <border><left style="hair"><color rgb="FF808080"/></left><right style="hair"><color rgb="FF808080"/></right>
            <top style="hair"><color rgb="FF808080"/></top><bottom style="hair"><color rgb="FF808080"/></bottom><diagonal/>
            </border></borders>
            <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
            <cellXfs count="6">
            <xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
            <xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>
            <xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
            <xf numFmtId="0" fontId="2" fillId="0" borderId="1" xfId="0" applyFont="1" applyAlignment="1">
            <alignment vertical="top" wrapText="1"/></xf>
            <xf numFmtId="0" fontId="3" fillId="0" borderId="1" xfId="0" applyFont="1" applyAlignment="1">
            <alignment vertical="top" wrapText="1"/></xf>
            <xf numFmtId="0" fontId="4" fillId="0" borderId="1" xfId="0" applyFont="1" applyAlignment="1">
            <alignment vertical="top" wrapText="1"/></xf>
            </cellXfs>
            </styleSheet>
            """),
    ];
}
