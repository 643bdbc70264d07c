namespace CooperationApi.Http.Problems;

/// <summary>The languages of problem documents, workbook headings and readable files.</summary>
internal enum Language
{
    English,
    Vietnamese,
}
