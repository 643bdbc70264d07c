namespace CooperationApi.Http.Problems;

/// <summary>The languages of problem documents and workbook headings.</summary>
internal enum Language
{
    English,
    Vietnamese,
}
