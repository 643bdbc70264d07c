namespace CooperationApi.Contracts;

/// <summary>Limits that several members or the service share.</summary>
public static class Limits
{
    public const int MaxSlugLength = 100;

    /// <summary>2^53 - 1: the largest integer up to which JavaScript is exact.</summary>
    public const long MaxSafeInteger = 9_007_199_254_740_991;

    /// <summary>
    /// The maximum length of a cursor in characters: enough for an id and the longest sort key of a title, which has 1000 letters of up to
    /// 5 bytes. A cursor has 4 characters per 3 bytes.
    /// </summary>
    public const int MaxCursorLength = 7000;

    /// <summary>
    /// The maximum length of the link of a citation in characters: a URL of 2,000, and a quote of 300 code points between words of the
    /// source, which has up to 12 characters per code point. Most links have less than 500.
    /// </summary>
    public const int MaxLinkLength = 15_000;

    /// <summary>The maximum number of items on a page of a list.</summary>
    public const int MaxPageItems = 200;

    /// <summary>The maximum number of changes on a page of the change feed.</summary>
    public const int MaxPageChanges = 1000;

    /// <summary>The number of buckets of the digest.</summary>
    public const int BucketCount = 256;

    /// <summary>The maximum number of rows of a statistic.</summary>
    public const int MaxStatisticsRows = 50_000;

    /// <summary>The maximum number of ids listed with a sum of contributions.</summary>
    public const int MaxSumIds = 100;

    /// <summary>The maximum number of errors in a problem document.</summary>
    public const int MaxErrors = 1000;

    /// <summary>The maximum number of commitments, and of results, in a progress report.</summary>
    public const int MaxProgressRecords = 1000;

    /// <summary>The maximum length of a JSON Pointer in a response.</summary>
    public const int MaxPointerLength = 1000;

    /// <summary>
    /// The maximum number of entries in each list of a JSON bundle. The maximum size of 100 MB applies in addition.
    /// </summary>
    public const int MaxBundleRecords = 1_000_000;

    /// <summary>The maximum number of records in each list of an import report.</summary>
    public const int MaxReportedRecords = 1000;

    /// <summary>The maximum number of values that an error lists of a record that an import would replace.</summary>
    public const int MaxLostValues = 50;
}
