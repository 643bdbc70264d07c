using System.Data.Common;
using CooperationApi.Http;
using CooperationApi.Storage;

namespace CooperationApi.Queries;

/// <summary>The redirect from a list under a merged record to the same list under its merge target.</summary>
internal static class MergeRedirect
{
    /// <summary>
    /// Returns the redirect (308) of a request for `/v1/{type}/{id}/…`; null if the record exists. Throws 410 if the record was deleted,
    /// and 404 if it never existed.
    /// </summary>
    public static async Task<ReadResponse?> Find(DbConnection connection, HttpRequest request, string type, string id)
    {
        if (await RecordQueries.Exists(connection, type, id))
            return null;
        var target = await RecordQueries.ResolveMergeTarget(connection, type, id);
        var list = request.Path.Value!.Split('/')[^1];
        return new((await Database.ReadVersion(connection)).Token, IsWeak: true, [])
        {
            RedirectTo = $"/v1/{type}/{target}/{list}{request.QueryString}",
        };
    }
}
