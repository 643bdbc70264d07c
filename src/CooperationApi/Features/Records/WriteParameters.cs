using CooperationApi.Http;

namespace CooperationApi.Features.Records;

/// <summary>The query parameters of writes.</summary>
internal static class WriteParameters
{
    public static readonly BooleanParameter DryRun = new("dryRun",
        "Validate and preview without saving. The response shows the result of the write and the revision that it would create.");

    public static readonly IReadOnlyList<QueryParameter> All = [DryRun];

    /// <summary>Returns true for a request to validate without saving. Throws 400 if the query string is not valid.</summary>
    public static bool ReadIsDryRun(HttpRequest request)
    {
        var values = QueryValues.Parse(request, All);
        var isDryRun = DryRun.Read(values);
        values.ThrowIfInvalid();
        return isDryRun;
    }
}
